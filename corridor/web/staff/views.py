from django.http import HttpRequest, HttpResponse


def home(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("staff:home", status=501)


def verify(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("staff:verify", status=501)


def runs(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("staff:runs", status=501)


def audit(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("staff:audit", status=501)
