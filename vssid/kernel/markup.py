"""Text that others wrote, as safe HTML: Markdown of our own editors, and HTML of foreign feeds."""

import functools
import re
from collections.abc import Mapping
from html import unescape
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup

# Pictures are ours alone: everything else would tell another host who reads what.
PICTURES = re.compile(r"/tin-tuc/anh/[0-9a-f-]{36}(\?[0-9a-z=&]*)?")
_SOURCES = re.compile(rf"{PICTURES.pattern} \d+w(, {PICTURES.pattern} \d+w)*")
_ENDS = re.compile(r"</(p|li|h\d|td|th|blockquote|pre)>|<br ?/?>")
_ADDRESSES = {"http", "https", "mailto", "tel"}
_TEXT_TAGS = {
    "p", "br", "hr", "h2", "h3", "h4", "strong", "em", "s", "ul", "ol", "li", "blockquote", "a",
    "table", "thead", "tbody", "tr", "th", "td", "code", "pre",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt", "width", "height", "loading", "srcset", "sizes"},
    "ol": {"start"},
    "div": {"tabindex"},
}
_OWN_TAGS = _TEXT_TAGS | {"img", "div"}
_CLASSES = {"div": {"scroll"}, "th": {"right", "centre"}, "td": {"right", "centre"}}


@functools.cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False}).enable(
        ["table", "strikethrough"]
    )
    for element, rule in (("heading", _heading), ("table", _table), ("th", _cell), ("td", _cell)):
        parser.add_render_rule(f"{element}_open", rule)
        parser.add_render_rule(f"{element}_close", rule)
    parser.add_render_rule("image", _image)
    return parser


def _image(self: RendererHTML, tokens: list[Token], at: int, options: Any, env: Any) -> str:
    """With its width and height where they are known, so that the page does not jump when the picture comes."""
    token = tokens[at]
    found: Mapping[str, str] | None = env.get("pictures", {}).get(token.attrs.get("src"))
    for name, value in (found or {}).items():
        token.attrs[name] = value
    return self.image(tokens, at, options, env)


def _heading(self: RendererHTML, tokens: list[Token], at: int, options: Any, env: Any) -> str:
    """The highest that the text has becomes h2, the next h3, all below h4: the page itself has the h1."""
    token = tokens[at]
    token.tag = f"h{min(env['levels'].index(token.tag) + 2, 4)}"
    return self.renderToken(tokens, at, options, env)


def _table(_self: RendererHTML, tokens: list[Token], at: int, _options: object, _env: object) -> str:
    """A wide table scrolls by itself, also by the keyboard, not the page."""
    return '<div class="scroll" tabindex="0"><table>' if tokens[at].nesting == 1 else "</table></div>"


def _cell(self: RendererHTML, tokens: list[Token], at: int, options: object, env: object) -> str:
    """Columns are aligned by a class: the policy allows no style attributes."""
    token = tokens[at]
    side = {"text-align:right": "right", "text-align:center": "centre"}.get(str(token.attrs.pop("style", "")))
    if side:
        token.attrs["class"] = side
    return self.renderToken(tokens, at, options, env)  # type: ignore[arg-type]


def _attribute(tag: str, name: str, value: str) -> str | None:
    if (tag, name) == ("img", "src") and not PICTURES.fullmatch(value):
        return None
    if (tag, name) == ("img", "srcset") and not _SOURCES.fullmatch(value):
        return None
    if (tag, name) == ("a", "href") and value.startswith(("//", "/\\", "\\")):
        return None
    return value


def from_markdown(text: str, pictures: Mapping[str, Mapping[str, str]] | None = None) -> Markup:
    """Markdown (CommonMark with tables; HTML in it is text) as HTML whose highest heading is an h2.

    Links go to paths of this site, http(s), mailto and tel; pictures only to our own. `pictures` are the attributes
    (width, height, loading, srcset, sizes) of those that are known, by their addresses.
    """
    parser = _parser()
    env: dict[str, Any] = {"pictures": pictures or {}}
    tokens = parser.parse(text, env)
    # A text may begin with ## or leave a level out; a page may not.
    env["levels"] = sorted({token.tag for token in tokens if token.type in ("heading_open", "heading_close")})
    return Markup(  # noqa: S704 - cleaned by a list of what is allowed
        nh3.clean(
            parser.renderer.render(tokens, parser.options, env),
            tags=_OWN_TAGS,
            attributes=_ATTRIBUTES,
            allowed_classes=_CLASSES,
            attribute_filter=_attribute,
            url_schemes=_ADDRESSES,
            link_rel="noopener nofollow",
        )
    )


def from_html(html: str) -> Markup:
    """Foreign HTML with nothing left but text, lists, tables and links; no pictures, which would be somebody else's."""
    return Markup(  # noqa: S704 - cleaned by a list of what is allowed
        nh3.clean(
            html,
            tags=_TEXT_TAGS,
            attributes={"a": {"href"}},
            attribute_filter=_attribute,
            url_schemes={"http", "https"},
            link_rel="noopener nofollow",
        )
    )


def plain(html: str) -> str:
    """The words of `html`, one blank between them: for search, for feeds and for what stands under a title."""
    spaced = _ENDS.sub(r" \g<0>", str(html))  # a Markup would escape what it is joined from
    return " ".join(unescape(nh3.clean(spaced, tags=set())).split())
