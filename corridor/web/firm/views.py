from django.http import HttpRequest, HttpResponse


def home(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("firm:home", status=501)


def settings(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("firm:settings", status=501)


def program_new(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("firm:program_new", status=501)


def program_edit(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("firm:program_edit", status=501)


def program_publish(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("firm:program_publish", status=501)


def program_close(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("firm:program_close", status=501)


def applicants(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("firm:applicants", status=501)


def candidates(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("firm:candidates", status=501)


def application(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("firm:application", status=501)


def document(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("firm:document", status=501)
