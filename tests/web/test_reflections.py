"""My reflections: read, change, delete, withdraw."""

from store.models import Attempt, Consent, Response, Words
from tests.web.conftest import Site, page_of

WORDS = "The heliotrope canary, because nobody has said what the rule is."


def started(site: Site) -> str:
    token = site.token()
    page = site.begin(token)
    page = page_of(site.say(page, option="2"))
    site.say(page, text=WORDS)
    return token


def text_answer(site: Site) -> Response:
    return next(r for r in site.world.rows(Response) if r.kind == "text" and not r.superseded)


def test_everything_said_is_there_with_its_case(site: Site) -> None:
    html = site.post("/app/reflections", started(site)).get_data(as_text=True)
    assert "heliotrope" in html and "Somewhat unacceptable" in html
    assert text_answer(site).prompt_text.split("?")[0] in html.replace("&#39;", "'")


def test_an_answer_is_changed_as_a_new_revision(site: Site) -> None:
    token = started(site)
    attempt = site.world.rows(Attempt)[0].public_id
    answer = text_answer(site).public_id
    page = site.post(
        "/app/reflections/edit", token, attempt=attempt, answer=answer, text="Now shorter."
    )
    assert "Changed by you" in page.get_data(as_text=True)
    assert text_answer(site).revision_no == 2
    late = site.post("/app/reflections/edit", token, attempt=attempt, answer=answer, text="Late.")
    assert "changed or deleted meanwhile" in late.get_data(as_text=True)


def test_a_change_that_is_refused_keeps_the_words(site: Site) -> None:
    token = started(site)
    values = {
        "attempt": site.world.rows(Attempt)[0].public_id,
        "answer": text_answer(site).public_id,
    }
    page = site.post("/app/reflections/edit", token, **values, text="y" * 5001)
    assert page.status_code == 422 and "y" * 5001 in page.get_data(as_text=True)
    assert text_answer(site).revision_no == 1


def test_deleting_one_answer_takes_its_words(site: Site) -> None:
    token = started(site)
    number = str(text_answer(site).number)
    attempt = site.world.rows(Attempt)[0].public_id
    page = site.post("/app/reflections/delete", token, attempt=attempt, number=number)
    assert "That answer is deleted" in page.get_data(as_text=True)
    assert "heliotrope" not in site.world.everything()
    assert (
        site.post("/app/reflections/delete", token, attempt=attempt, number="x").status_code == 404
    )


def test_deleting_everything_and_withdrawing_act_at_once(site: Site) -> None:
    token = started(site)
    attempt = site.world.rows(Attempt)[0].public_id
    page = site.post("/app/reflections/withdraw", token, attempt=attempt, message_id="withdraw-1")
    assert "not part of the research any more" in page.get_data(as_text=True)
    assert site.world.rows(Attempt)[0].keep == "session"
    assert site.world.rows(Consent)[-1].withdrawal
    site.post("/app/reflections/delete-all", token, attempt=attempt, message_id="delete-all-1")
    assert all(w.body is None for w in site.world.rows(Words))
    assert site.world.rows(Attempt)[0].status == "erased"


def test_nobody_elses_record_can_be_touched(site: Site) -> None:
    started(site)
    attempt = site.world.rows(Attempt)[0].public_id
    other = site.token("8")
    site.begin(other)
    for path in ("edit", "delete", "delete-all", "withdraw"):
        answer = site.post(
            f"/app/reflections/{path}",
            other,
            attempt=attempt,
            number="2",
            answer=text_answer(site).public_id,
            text="mine now",
        )
        assert answer.status_code == 404
    assert "heliotrope" in site.world.everything()
    assert "heliotrope" not in site.post("/app/reflections", other).get_data(as_text=True)
