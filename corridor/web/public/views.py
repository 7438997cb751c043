from django.http import HttpRequest, HttpResponse


def home(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("public:home", status=501)


def welcome(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("public:welcome", status=501)


def programs(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("public:programs", status=501)


def program(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("public:program", status=501)


def hubs(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("public:hubs", status=501)


def hub(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("public:hub", status=501)


def sector(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("public:sector", status=501)


def organization_new(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("public:organization_new", status=501)


def organization(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("public:organization", status=501)


def pathways(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("public:pathways", status=501)


def pathway(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("public:pathway", status=501)


def about(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("public:about", status=501)


def design(request: HttpRequest, **named: object) -> HttpResponse:
    return HttpResponse("public:design", status=501)
