"""A page by keyboard alone: every control is reached by Tab, in the order in which it is read, with a mark that can be seen; what
is folded away opens by Enter and folds by Space; and nothing holds the keyboard.
"""

from __future__ import annotations

from playwright.sync_api import Page

MOST_STOPS = 1_000
WATCH = """() => {
  // A mark stands at a control, or at the box that is drawn beside it by its label.
  const drawn = e => [[e, null], ...(e.labels && e.labels.length ? [[e.labels[0], '::before'], [e.labels[0], null]] : [])].map(
    ([one, part]) => { const s = getComputedStyle(one, part);
      return [s.outlineStyle === 'none' ? '' : s.outline, s.boxShadow, s.backgroundColor, s.borderTopWidth].join() }).join();
  const can = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]';
  const before = new Map([...document.querySelectorAll(can)].map(e => [e, drawn(e)]));
  const said = e => e.tagName.toLowerCase() + ' ' + (e.id || e.name || (e.textContent || '').trim().slice(0, 40));
  const shown = e => e.checkVisibility({visibilityProperty: true});
  const stops = [];
  window.keyboardWalk = {
    // Where the keyboard is now: '' off the page, or round it, 'folded' at something that Enter opens.
    here: () => {
      const e = document.activeElement;
      if (!e || e === document.body || e === document.documentElement) return '';
      if (stops.length > 1 && e === stops[0][0]) return ''; // round, from the last to the first
      stops.push([e, before.get(e) !== drawn(e)]);
      return e.tagName === 'SUMMARY' && !e.parentElement.open ? 'folded' : 'at';
    },
    isOpen: () => document.activeElement.parentElement.open,
    wrong: () => {
      const found = [], reached = stops.map(each => each[0]);
      const group = e => e.type === 'radio' ? (e.form ? [...document.forms].indexOf(e.form) : '') + '/' + e.name : '';
      const seen = new Set(reached.map(group).filter(Boolean));
      for (const e of document.querySelectorAll(can)) {
        if (e.tabIndex < 0 || e.disabled || !shown(e) || reached.includes(e)) continue;
        // Of radio buttons one is a stop; arrows lead to the others.
        if (!seen.has(group(e))) found.push('no Tab leads to ' + said(e));
      }
      reached.forEach((e, at) => {
        if (e.tabIndex > 0) found.push('out of the order of reading by its tabindex: ' + said(e));
        if (reached.indexOf(e) !== at) found.push('reached twice: ' + said(e));
        else if (at && !(reached[at - 1].compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING))
          found.push('reached before what is read before it: ' + said(e));
        if (!stops[at][1]) found.push('nothing shows that the keyboard is at ' + said(e));
      });
      return found;
    },
  };
}"""
HERE = "keyboardWalk.here()"


def wrong_by_keyboard(page: Page) -> list[str]:
    """What a walk by Tab from the top of a page finds wrong; everything folded is open afterwards."""
    page.evaluate(WATCH)
    wrong: list[str] = []
    for pressed in range(MOST_STOPS):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if not here and not pressed:
            continue  # where the page before was left by its end, the first Tab comes back to the top
        if not here:
            return [*wrong, *page.evaluate("keyboardWalk.wrong()")]
        if here == "folded":
            wrong += _folding(page)
    return [*wrong, f"the keyboard does not get off the page in {MOST_STOPS} stops"]


def _folding(page: Page) -> list[str]:
    """Open by Enter, folded by Space, and open again for what is within."""
    is_open = []
    for key in ("Enter", "Space", "Enter"):
        page.keyboard.press(key)
        is_open.append(page.evaluate("keyboardWalk.isOpen()"))
    return [] if is_open == [True, False, True] else [f"what is folded away does not open and fold by Enter and Space: {is_open}"]
