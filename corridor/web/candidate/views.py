from django.http import HttpRequest, HttpResponse


def home(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("candidate:home", status=501)


def matches(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("candidate:matches", status=501)


def profile(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("candidate:profile", status=501)


def section(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("candidate:section", status=501)


def questions(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("candidate:questions", status=501)


def visibility(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("candidate:visibility", status=501)


def consents(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("candidate:consents", status=501)


def documents(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("candidate:documents", status=501)


def document(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("candidate:document", status=501)


def apply(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("candidate:apply", status=501)


def applications(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("candidate:applications", status=501)


def application(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("candidate:application", status=501)
