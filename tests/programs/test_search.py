"""Search finds programs in either language, forgives slips, counts honestly and fears no input."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.http import QueryDict

from corridor.accounts import services as accounts
from corridor.accounts.models import User
from corridor.common.models import OutboxMessage
from corridor.places.models import Sector
from corridor.programs import queries, tasks, texts
from corridor.programs.models import Program
from corridor.programs.queries import Filters, filters_from, search
from tests.matching import people
from tests.matching.people import DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def posts() -> dict[str, Program]:
    austin = people.hub("austin", "TX")
    return {
        "welding": people.program(
            "TIG welding technician dispatch", kind="dispatch", sponsor="employer",
            pay_amount=30, pay_period="hour", apply_by=date(2027, 1, 10),
        ),
        "coater": people.program(
            "", title_ko="전극 코터 정비 인턴십", summary_ko="배터리 전극 코터를 정비합니다.",
            pay_period="unpaid", starts_on=date(2027, 9, 1), ends_on=date(2027, 11, 30),
        ),
        "design": people.program(
            "Chip layout research", kind="joint_research", hub=austin, state="TX",
            sector=people.sector("semiconductors"), sponsor="university",
        ),
    }  # fmt: skip


def found(posts: dict[str, Program], **filters) -> set[str]:
    names = {post.pk: name for name, post in posts.items()}
    return {names[post.pk] for post in search(Filters(**filters), day=DAY).programs}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("용접", "welding"),
        ("welding", "welding"),
        ("TIG 용접", "welding"),
        ("weldng", "welding"),
        ("techncan", "welding"),
        ("electrode coating", "coater"),
        ("코터", "coater"),
        ("코터  ", "coater"),
        ("layout", "design"),
        ("savannah", "welding"),
    ],
)
def test_words_of_either_language_and_small_slips_find_the_program(posts, text, expected):
    assert expected in found(posts, text=text)


def test_a_compound_that_begins_with_a_sector_finds_its_posts_and_lists_them_first(posts):
    for slug, name in (("batteries", "배터리"), ("ports-logistics", "항만·물류")):
        Sector.objects.filter(pk=people.sector(slug).pk).update(name_ko=name)
    coater = Program.objects.get(pk=posts["coater"].pk)
    coater.save(update_fields=texts.read(coater))
    cargo = people.program("Battery cargo", title_ko="배터리 화물 창고 인턴", kind="internship",
                           sector=people.sector("ports-logistics"), apply_by=date(2027, 1, 2))
    meant = [program.pk for program in search(Filters(text="배터리셀 인턴십"), day=DAY).programs]
    assert posts["coater"].pk in meant and posts["welding"].pk not in meant
    listed = [program.pk for program in search(Filters(text="배터리"), day=DAY).programs]
    assert listed.index(posts["coater"].pk) < listed.index(cargo.pk)


def test_a_known_thing_that_no_program_names_finds_what_is_next_to_it_and_says_so(posts):
    people.program("Grid planner", kind="internship", sector=people.sector("power-grid"))
    result = search(Filters(text="HVDC"), day=DAY)
    assert result.nearby == ["HVDC"]
    assert [program.title_en for program in result.programs] == ["Grid planner"]
    assert search(Filters(text="welding"), day=DAY).nearby == []


def test_a_trade_is_found_whatever_it_is_called_with_and_a_card_leads_to_its_own_trade(posts):
    quality = people.program("", title_ko="도장 품질 데이터 인턴", kind="internship", state="AL")
    listed = [program.pk for program in search(Filters(text="품질관리 인턴"), day=DAY).programs]
    assert quality.pk in listed
    for title, sector in (("용접 로봇 파견", "automobiles"), ("배전반 시험 파견", "power-grid")):
        people.program(title, title_ko=title, kind="dispatch", sector=people.sector(sector),
                       summary_ko="전기기사", apply_by=date(2027, 1, 2))  # fmt: skip
    found_ = [program.title_ko for program in search(Filters(text="전기기사"), day=DAY).programs]
    assert found_[:2] == ["배전반 시험 파견", "용접 로봇 파견"]


def test_several_words_for_one_thing_are_one_word(posts):
    people.program("Machine vision intern", kind="internship")
    learning = people.program("Models", kind="internship", summary_en="machine learning")
    assert [p.pk for p in search(Filters(text="machine learning intern"), day=DAY).programs] == [
        learning.pk
    ]


def test_where_nobody_answers_all_words_what_is_next_to_a_known_one_does(posts):
    post = people.program("Vision models", kind="internship", summary_en="deep learning")
    result = search(Filters(text="machine learning internship"), day=DAY)
    assert [program.pk for program in result.programs] == [post.pk]
    assert result.nearby == ["machine learning"]


def test_another_name_of_a_sector_stands_for_all_of_it(posts):
    post = people.program("Antibody intern", kind="internship", sector=people.sector("biopharma"))
    found_ = search(Filters(text="biotech internship"), day=DAY).programs
    assert [program.pk for program in found_] == [post.pk]


def test_a_visa_narrows_nothing_down_and_paid_asks_for_pay(posts):
    assert found(posts, text="용접 J-1") == found(posts, text="용접 비자") == {"welding"}
    assert found(posts, text="유급") == {"welding"}


def test_a_word_that_is_known_is_no_slip_for_another(posts):
    people.program("Safety course", title_ko="안전 과정", kind="training")
    assert search(Filters(text="원전"), day=DAY).total == 0


def test_that_a_program_is_in_america_narrows_nothing_down(posts):
    assert found(posts, text="용접 미국") == found(posts, text="용접") == {"welding"}


def test_words_that_nobody_wrote_find_nothing(posts):
    assert found(posts, text="xylophone qqq") == set()


@pytest.mark.parametrize(
    "text",
    ["%", "_", "%%%%", "\\", "'; DROP TABLE programs_program; --", "((((", "a" * 5000, "가" * 5000,
     "​", "\x00", "🦄", "<script>", "e\u0301\u0301\u0301", "NULL", "-1 OR 1=1", "*" * 200],
)  # fmt: skip
def test_hostile_text_finds_nothing_and_breaks_nothing(posts, text):
    filters = filters_from(QueryDict(mutable=True) | {"q": text})
    result = search(filters, day=DAY)
    assert result.total == len(result.programs)
    if text.strip("\x00\u200b").strip():
        assert result.total == 0, "wildcards are letters here"


@pytest.mark.parametrize(
    "query",
    [
        "kind=%00&sector=%00x&hub=%00&state=%00&sponsor=%00",
        "from=yesterday&until=2027-13-45&min=-3&max=99999999999",
        "kind=nonsense&order=nonsense&paid=maybe",
        "&".join(f"kind=k{n}" for n in range(900)),
        "q=%FF%FE&hub=%ED%A0%80",
        "from=9999-12-31&until=0001-01-01&min=999&max=0",
    ],
)
def test_a_broken_address_still_gives_a_page(posts, client, query):
    assert client.get(f"/ko/programs/?{query}").status_code == 200


def test_filters_combine_or_within_one_and_and_between(posts):
    assert found(posts) == {"welding", "coater", "design"}
    assert found(posts, kinds=("dispatch", "internship")) == {"welding", "coater"}
    assert found(posts, kinds=("dispatch", "internship"), states=("TX",)) == set()
    assert found(posts, sectors=("semiconductors",), hubs=("austin",)) == {"design"}
    assert found(posts, paid=True) == {"welding"}
    assert found(posts, sponsors=("university",)) == {"design"}
    assert found(posts, starts_from=date(2027, 6, 1)) == {"coater"}
    assert found(posts, starts_until=date(2027, 6, 1)) == {"welding", "design"}
    assert found(posts, max_months=3) == {"coater"}
    assert found(posts, min_months=12) == {"welding", "design"}
    assert found(posts, ids=(posts["coater"].pk,)) == {"coater"}
    assert found(posts, ids=()) == set()


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(text="정비"),
        Filters(kinds=("internship",)),
        Filters(states=("TX",), sectors=("semiconductors", "batteries")),
        Filters(text="welding", hubs=("savannah",)),
    ],
)
def test_a_facet_counts_what_choosing_it_gives(posts, filters):
    facets = search(filters, day=DAY).facets
    checked = 0
    for name, values in facets.items():
        for facet in values:
            alone = replace(filters, **{name: (facet.value,)})
            assert search(alone, day=DAY).total == facet.count, (name, facet)
            checked += 1
    assert checked >= 3


def test_a_chosen_facet_without_programs_stays_to_be_unchosen(posts):
    facets = search(Filters(kinds=("startup",)), day=DAY).facets
    assert queries.Facet("startup", 0, chosen=True) in facets["kinds"]


def test_drafts_closed_and_past_programs_are_not_found(posts):
    Program.objects.filter(pk=posts["welding"].pk).update(status="draft")
    Program.objects.filter(pk=posts["coater"].pk).update(status="closed")
    Program.objects.filter(pk=posts["design"].pk).update(apply_by=date(2026, 11, 22))
    assert found(posts) == set()
    assert queries.counts(DAY)["total"] == 0


def test_the_title_comes_before_a_mention(posts):
    mention = people.program("Line work", description_en="some welding too")
    order = [post.pk for post in search(Filters(text="welding"), day=DAY).programs]
    assert order.index(posts["welding"].pk) < order.index(mention.pk)


def test_the_orders_are_what_they_say(posts):
    def first(order: str) -> int:
        return search(Filters(order=order), day=DAY).programs[0].pk

    assert first("deadline") == posts["welding"].pk
    Program.objects.filter(pk=posts["design"].pk).update(starts_on=date(2027, 1, 2))
    assert first("soon") == posts["design"].pk


def test_a_page_costs_the_same_for_one_and_three_programs(posts, django_assert_num_queries):
    for keep in (3, 1):
        if keep == 1:
            Program.objects.exclude(pk=posts["welding"].pk).delete()
        with django_assert_num_queries(4):
            result = search(Filters(text="welding"), day=DAY)
            for post in result.programs:
                assert post.organization.name and post.hub.state.name and post.sector.name


@pytest.mark.parametrize("text", ["전ㄱ", "전그", "전극 코", "전극코", "정비 인턴"])
def test_a_word_is_found_while_it_is_still_being_typed(posts, text):
    assert found(posts, text=text) == {"coater"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("semiconducter", "design"),  # the sector, misspelt
        ("레이아웉", "layout_ko"),
        ("savanah", "welding"),
        ("ＷＥＬＤＩＮＧ", "welding"),  # full width
        ("wélding", "welding"),
        ("layoutt", "design"),
    ],
)
def test_spelling_slips_are_forgiven_in_titles_and_names(posts, text, expected):
    posts["layout_ko"] = people.program("", title_ko="칩 레이아웃 연수", kind="training")
    assert expected in found(posts, text=text)


def test_decomposed_korean_is_the_same_word(posts):
    assert found(posts, text=unicodedata.normalize("NFD", "전극 코터")) == {"coater"}


def test_every_word_counts_in_either_language_and_in_any_order(posts):
    posts["texas"] = people.program(
        "", title_ko="반도체 공정 인턴십", sector=people.sector("semiconductors"),
        hub=people.hub("austin", "TX"), state="TX",
    )  # fmt: skip
    assert found(posts, text="반도체 인턴 Texas") == {"texas"}
    assert found(posts, text="텍사스 internship 반도체") == {"texas"}
    assert found(posts, text="Texas") == {"texas", "design"}


def test_a_word_that_nobody_wrote_is_left_aside_beside_one_that_somebody_did(posts):
    assert found(posts, text="welding xylophone") == {"welding"}


def test_where_no_program_answers_every_word_those_that_answer_some_are_found(posts):
    order = [post.pk for post in search(Filters(text="welding 코터 savannah"), day=DAY).programs]
    assert order[0] == posts["welding"].pk  # two of the words
    assert set(order) == {posts["welding"].pk, posts["coater"].pk}


def test_a_renamed_host_is_found_by_its_new_name(posts):
    staff = User.objects.create(email="staff@example.org", is_staff=True)
    host = posts["welding"].organization
    accounts.save_organization(host, by=staff, name_ko="해오름중공업")
    asked = OutboxMessage.objects.get(task="programs.read_heads")
    assert tasks.read_heads(**asked.arguments) == 3
    assert found(posts, text="해오름") == set(posts)


@pytest.mark.parametrize(
    "filters", [{}, {"kinds": ("dispatch",), "hubs": ("austin",)},
                {"starts_from": date(2027, 1, 1), "sponsors": ("employer",)}],
)  # fmt: skip
def test_facets_without_words_are_counted_from_their_index_alone(posts, filters):
    """Its columns hold all that they read: PostgreSQL touches no row, however long its texts."""
    plan = plan_of_facets(Filters(**filters))
    scans = [line.strip() for line in plan if " on programs_program" in line]
    assert scans and all("Index Only Scan using program_facets" in line for line in scans), plan


def test_a_facet_that_reads_more_than_the_index_holds_would_be_seen(posts):
    plan = plan_of_facets(Filters(paid=True))
    assert not any("Index Only Scan" in line and " on programs_program" in line for line in plan)


def plan_of_facets(filters: Filters) -> list[str]:
    """How PostgreSQL would answer the very statement that counts the facets, on a large table."""
    asked = []

    def kept(execute, sql, params, many, context):
        if "GROUPING SETS" in sql:
            asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(kept):
        search(filters, day=DAY)
    ((sql, params),) = asked
    with connection.cursor() as cursor:
        # What else would do on the small tables of a test is forbidden: where the index does not
        # hold all that is read, one of these is taken all the same.
        others = ("enable_seqscan", "enable_bitmapscan")
        for other in others:
            cursor.execute(f"SET LOCAL {other} = off")
        # So is every other index, which may be the cheaper for one that has grown in other tests.
        cursor.execute(
            "UPDATE pg_index SET indisvalid = indexrelid = 'program_facets'::regclass"
            " WHERE indrelid = 'programs_program'::regclass"
        )
        cursor.execute("EXPLAIN " + sql, params)
        plan = [line for (line,) in cursor.fetchall()]
        for other in others:
            cursor.execute(f"RESET {other}")
        cursor.execute(
            "UPDATE pg_index SET indisvalid = true WHERE indrelid = 'programs_program'::regclass"
        )
    return plan
