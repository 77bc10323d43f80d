"""The model: checked before it is loaded, forgetful, safe for threads, asked only in English."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from store.settings import PROJECT_ROOT
from tests.redaction.conftest import Mask
from web import redactor as redactor_module
from web.names import model as model_module
from web.names.lists import NameListError, NameLists
from web.names.model import ModelError, NameModel, checksum, model_folder
from web.redactor import Redactor, RedactorBusy


def test_the_checksum_sees_every_file_and_its_name(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b").write_text("2")
    seen = {checksum(tmp_path)}
    (tmp_path / "deep" / "b").write_text("3")
    seen.add(checksum(tmp_path))
    (tmp_path / "deep" / "b").rename(tmp_path / "deep" / "c")
    seen.add(checksum(tmp_path))
    (tmp_path / "more").write_text("")
    seen.add(checksum(tmp_path))
    assert len(seen) == 4


def test_another_model_is_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checksum(model_folder()) == model_module.MODEL_SHA256
    monkeypatch.setattr(model_module, "MODEL_SHA256", "0" * 64)
    with pytest.raises(ModelError, match="not those of the model that was checked"):
        NameModel()


def test_a_missing_model_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_module, "MODEL_PACKAGE", "there_is_no_such_package")
    with pytest.raises(ModelError, match="make setup"):
        NameModel()


@pytest.mark.parametrize("content", [None, "names: [", "just text"])
def test_a_broken_list_names_its_file(tmp_path: Path, content: str | None) -> None:
    folder = tmp_path / "redaction"
    folder.mkdir()
    if content is not None:
        (folder / "given_names.yml").write_text(content)
    with pytest.raises(NameListError, match=r"given_names\.yml"):
        NameLists.load(tmp_path)


def test_what_was_written_is_not_kept_in_the_model(redactor: Redactor, mask: Mask) -> None:
    words = "Zyxquorpington asked Wolverdanglia about the Quuxified Frobnicatery."
    assert "[name]" in mask(words)
    finder = redactor._finder
    assert finder is not None
    strings = finder._persons.__self__._nlp.vocab.strings  # type: ignore[attr-defined]
    assert not {"Zyxquorpington", "Wolverdanglia", "frobnicatery"} & set(strings)
    assert "zyxquorpington" not in strings


def test_threads_take_turns_and_get_the_same(redactor: Redactor, mask: Mask) -> None:
    texts = [f"I asked Dr Adichie{'e' * n} about it and Zoltán Nagy agreed." for n in range(8)]
    alone = [mask(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(mask, texts * 5))
    assert together == alone * 5


def test_a_redactor_that_is_kept_busy_refuses(
    redactor: Redactor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redactor_module, "WAIT_SECONDS", 0.01)
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with redactor._lock:
            held.set()
            release.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    try:
        with pytest.raises(RedactorBusy):
            redactor.mask("I asked Sarah.", "en")
    finally:
        release.set()
        holder.join()


@pytest.mark.parametrize("locale", ["de", "es", "de-AT"])
def test_in_other_languages_patterns_are_masked_and_no_model_is_asked(locale: str) -> None:
    unloaded = Redactor(PROJECT_ROOT / "nowhere")
    masked = unloaded.mask("Sarah, jane@example.org", locale)
    assert masked.text == "Sarah, [email]" and masked.counts == {"email": 1}
    assert not unloaded.ready


@pytest.mark.parametrize("locale", ["en", "en-GB"])
def test_patterns_come_before_names(redactor: Redactor, locale: str) -> None:
    masked = redactor.mask("Sarah Jones, sarah.jones@example.org, told Priya", locale, {"Priya"})
    assert masked.text == "[name], [email], told Priya"
    assert masked.counts == {"email": 1, "name": 1}
