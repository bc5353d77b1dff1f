"""The contrast of texts, asked of axe once for all texts that look alike."""

from typing import Final

# Nine tenths of axe's time is the contrast of each text, and the texts of a list all look the same, as those of the next page do. What axe
# found sufficient once, on any page of this process, is not asked again for a text of the same kind: in the same colour and size, in an
# element of the same class, where all that stands around it paints the same. Nor is what it never tells: a text on a shade or a picture,
# as all within a drawing are. It is asked for everything else: for what it found wanting, and for what left the flow without a ground of
# its own, and so lies over something else (what is sticky and still rests in its place has not left it). Where nothing is asked, axe need
# not find out either what lies over what, which is the slowest. Whether a link in a text stands out from it by more than its colour, which
# is quickly seen, is asked before its colours are: either suffices. The source of each element is not copied: nobody reads it.
ASKS_ONCE_OF_A_KIND: Final = """(known) => {
  axe.configure({ noHtml: true });
  const rule = axe._audit.rules.find((each) => each.id === "color-contrast"), matches = rule.matches;
  const { "color-contrast": check, "link-in-text-block": apart, "link-in-text-block-style": styled } = axe._audit.checks;
  const asks = check.evaluate, asksApart = apart.evaluate, answers = new Set(known.split("\\n")), found = [];
  const plain = { backgroundColor: "rgba(0, 0, 0, 0)", backgroundImage: "none", opacity: "1", textShadow: "none", filter: "none",
    mixBlendMode: "normal", position: "static" };
  const nowhere = { words: "", left: false, lies: false, sheer: false, scrolls: false };
  let painted;
  const rests = (element, style) => scrollY === 0 && [style.bottom, style.left, style.right].every((each) => each === "auto")
    && element.getBoundingClientRect().top > parseFloat(style.top);
  const leaves = (element, style, scrolls) => style.position === "absolute" || style.position === "fixed"
    || (style.position === "sticky" && (scrolls || !rests(element, style)));
  const names = Object.keys(plain);
  const paints = (element, style, outer) => {
    const own = names.filter((name) => style[name] !== plain[name]);
    const scrolls = outer.scrolls || (element.localName !== "html" && element.localName !== "body" && style.overflow !== "visible");
    if (!own.length && scrolls === outer.scrolls) return outer;
    const left = leaves(element, style, outer.scrolls);
    return {
      words: outer.words + own.map((name) => `${name} ${style[name]};`).join(""),
      left: outer.left || left,
      lies: (outer.lies || left) && !style.backgroundColor.startsWith("rgb("),
      sheer: outer.sheer || ["opacity", "filter", "mixBlendMode"].some((name) => own.includes(name)),
      scrolls,
    };
  };
  const around = (element) => {
    if (!element) return nowhere;
    if (!painted.has(element)) painted.set(element, paints(element, getComputedStyle(element), around(element.parentElement)));
    return painted.get(element);
  };
  const named = (element) => `${element.localName} ${element.getAttribute("class")}`;
  const kind = (element) => {
    const style = getComputedStyle(element), behind = around(element);
    if (behind.lies || (behind.left && behind.sheer)) return null;
    const words = [behind.words, style.color, style.fontSize, style.fontWeight, named(element), named(element.parentElement)];
    return words.join("|").replaceAll("\\n", " ");
  };
  // What axe itself leaves out first of all: the choices of a list, and fields that show no words.
  const wordless = new Set(["hidden", "range", "color", "checkbox", "radio", "image"]);
  const controls = new Set(["select", "textarea", "button"]);
  const says = (element) => element.localName === "input" ? !wordless.has(element.type)
    : controls.has(element.localName) || (element.localName !== "option"
      && [...element.childNodes].some((each) => each.nodeType === Node.TEXT_NODE && each.data.trim()));
  const holds = (outer, inner) => outer.left <= inner.left && outer.right >= inner.right
    && outer.top <= inner.top && outer.bottom >= inner.bottom;
  const isDrawn = (element) => {
    const drawing = element.ownerSVGElement;
    if (!drawing || !holds(drawing.getBoundingClientRect(), element.getBoundingClientRect())) return false;
    for (let each = element; each !== drawing; each = each.parentElement)
      if (getComputedStyle(each).backgroundColor !== plain.backgroundColor) return false;
    return true;
  };
  const isAnswered = (own) => own && answers.has(own);
  // What is left of the rule is slow, and asked below. A kind that is answered while axe looks is met there once more.
  rule.matches = (element) => says(element) && !isAnswered(kind(element)) && !isDrawn(element);
  check.evaluate = function (element, options, virtual, ...more) {
    const own = kind(element);
    if (isAnswered(own) || !matches.call(rule, element, virtual, ...more)) return true;
    let why = "";
    const noting = { ...this, data: (told) => { why = told?.messageKey; this.data(told); } };
    const verdict = asks.call(noting, element, options, virtual, ...more);
    if (own && (verdict === true || why === "bgGradient" || why === "bgImage")) {
      answers.add(own);
      found.push(own);
    }
    return verdict;
  };
  apart.evaluate = function (...asked) {
    const unheard = { ...this, data: () => {}, relatedNodes: () => {} };
    return styled.evaluate.apply(unheard, asked) === true || asksApart.apply(this, asked);
  };
  window.axeInThisLook = (options) => {
    painted = new Map();
    return axe.run(options).then(({ violations }) => ({ violations, sufficient: found.splice(0) }));
  };
}"""
