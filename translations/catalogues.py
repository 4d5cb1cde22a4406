"""The catalogues of translations: `update` collects texts from the source, `compile` makes them usable, `check` judges.

Vietnamese is the source language and has no catalogue. An entry that carries the comment `# draft` awaits a reader who
speaks the language.
"""

import re
import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "translations"
LANGUAGES = ("en", "ko", "zh", "ja")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "N_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "Np_": ((1, "c"), 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|%%|<[^>]+>")


def po_file(language: str) -> Path:
    """Where the catalogue of `language` lies."""
    return FOLDER / language / "LC_MESSAGES" / "messages.po"


def collected() -> Catalog:
    """Every marked text of vssid/ and templates/, with the files it stands in."""
    with (ROOT / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]
    found = Catalog(project="VssID", charset="utf-8", fuzzy=False)
    texts = extract_from_dir(ROOT, methods, options, KEYWORDS, ("Dịch:",), directory_filter=_is_source)
    for name, _line, words, comments, context in texts:
        found.add(words, None, [(name, 0)], auto_comments=comments, context=context)
    return found


def _is_source(path: str) -> bool:
    return Path(path).name in ("vssid", "templates") or bool({"vssid", "templates"} & set(Path(path).parts[-4:]))


def read(language: str) -> Catalog:
    """The catalogue as committed; an empty one where there is none yet."""
    path = po_file(language)
    if not path.exists():
        return Catalog(locale=language, project="VssID", charset="utf-8", fuzzy=False)
    with path.open("rb") as source:
        return read_po(source, locale=language)


def update() -> int:
    """Bring the four catalogues in line with the source, then compile them and report."""
    template = collected()
    (FOLDER / "messages.pot").write_bytes(_written(template))
    for language in LANGUAGES:
        catalog = read(language)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        path = po_file(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_written(catalog))
    compile_all()
    report(template)
    return 0


def _written(catalog: Catalog) -> bytes:
    # A date would change the file whenever somebody looks for changes.
    catalog.header_comment = ""
    out = BytesIO()
    write_po(out, catalog, width=0, sort_by_file=True, omit_header=False, ignore_obsolete=True, include_lineno=False)
    dated = re.compile(
        rb'^"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Report-Msgid-Bugs-To): .*\n', re.M
    )
    return dated.sub(b"", out.getvalue())


def compile_all() -> int:
    """Write a .mo beside each catalogue that is newer than it."""
    for language in LANGUAGES:
        source = po_file(language)
        target = source.with_suffix(".mo")
        if not source.exists() or (target.exists() and target.stat().st_mtime >= source.stat().st_mtime):
            continue
        partial = target.with_suffix(".part")
        with partial.open("wb") as out:
            write_mo(out, read(language))
        partial.rename(target)
    return 0


def faults(catalog: Catalog, template: Catalog) -> dict[str, list[str]]:
    """What is wrong with a catalogue, by kind: missing, obsolete, fuzzy, placeholders; the texts concerned."""
    found: dict[str, list[str]] = {"missing": [], "obsolete": [], "fuzzy": [], "placeholders": []}
    for message in template:
        entry = catalog.get(message.id, message.context) if message.id else None
        if message.id and (entry is None or not all(_forms(entry.string))):
            found["missing"].append(_name(message))
        elif entry is not None and entry.fuzzy:
            found["fuzzy"].append(_name(message))
        elif entry is not None and not _same_placeholders(entry):
            found["placeholders"].append(_name(message))
    found["obsolete"] = [_name(m) for m in catalog if m.id and template.get(m.id, m.context) is None]
    return found


def _forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [text or ""] if isinstance(text, str) or text is None else list(text)


def _name(message: Message) -> str:
    return f"{message.context}: {_forms(message.id)[0]}" if message.context else _forms(message.id)[0]


def _same_placeholders(entry: Message) -> bool:
    wanted = sorted(match.group() for match in _PLACEHOLDER.finditer(_forms(entry.id)[-1]))
    return all(
        sorted(match.group() for match in _PLACEHOLDER.finditer(form)) == wanted for form in _forms(entry.string)
    )


def report(template: Catalog) -> int:
    """Print how each catalogue stands; returns the number of faults."""
    total = 0
    for language in LANGUAGES:
        catalog = read(language)
        found = faults(catalog, template)
        drafts = sum("draft" in message.user_comments for message in catalog)
        counts = ", ".join(f"{len(texts)} {kind}" for kind, texts in found.items())
        print(f"{language}: {sum(bool(m.id) for m in catalog)} entries, {counts}, {drafts} draft")  # noqa: T201
        total += sum(map(len, found.values()))
    return total


def check() -> int:
    """Report, name the first faults, and fail if there are any."""
    template = collected()
    if report(template) == 0:
        return 0
    for language in LANGUAGES:
        for kind, texts in faults(read(language), template).items():
            for text in texts[:5]:
                print(f"{language} {kind}: {text[:100]}", file=sys.stderr)  # noqa: T201
    print("Run `make i18n`, then translate translations/*/LC_MESSAGES/messages.po.", file=sys.stderr)  # noqa: T201
    return 1


if __name__ == "__main__":
    commands = {"update": update, "compile": compile_all, "check": check}
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        sys.exit(f"usage: python translations/catalogues.py {'|'.join(commands)}")
    sys.exit(commands[sys.argv[1]]())
