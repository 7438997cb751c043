from django.http import HttpRequest, HttpResponse


def agreements(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("university:agreements", status=501)


def agreement_new(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("university:agreement_new", status=501)


def agreement(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("university:agreement", status=501)


def agreement_edit(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("university:agreement_edit", status=501)


def agreement_confirm(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("university:agreement_confirm", status=501)


def research(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("university:research", status=501)
