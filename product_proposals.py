"""Which product a listing probably is, by a similar reference or name. Pure: knows nothing of Odoo.

A proposal is for a person to confirm. Where two products are equally likely there is none.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass

#: What sellers add to a reference to tell their offers apart: who ships, where, in which state.
ADDITIONS = frozenset(
    "amazon amz az sfp fba fbm afn mfn new neu used "
    "us ca mx br uk gb de fr it es nl be se pl ie tr ae sa eg za in jp au sg".split()
)
WORD = re.compile(r"\w+", re.UNICODE)
#: A shorter reference resembles too many.
SHORTEST_REFERENCE = 3
#: A name of one word resembles too many titles.
FEWEST_WORDS = 2


@dataclass(frozen=True)
class Proposal:
    """`reason` is "similar_reference" or "similar_name"."""

    product_id: int
    reason: str


class ProductProposals:
    """The products of a company, ready to be looked up by the thousand.

    A look-up costs about as much as the listing's title has words, not as there are products.
    """

    def __init__(self, products):
        """
        :param products: iterable of (product id, reference or None, list of names): a name for each language
        """
        self._by_reference, self._by_core = {}, {}
        names = []
        for product_id, reference, product_names in products:
            if reference:
                _note(self._by_reference, squeezed(words(reference)), product_id)
                _note(self._by_core, squeezed(core(words(reference))), product_id)
            for name in set(product_names):
                name_words = frozenset(words(name))
                if len(name_words) >= FEWEST_WORDS:
                    names.append((name_words, product_id))
        self._by_rarest_word = _index_by_rarest_word(names)

    def find(self, sku, title):
        """The one product that a listing may be; None when there is none, or several.

        :rtype: Proposal or None
        """
        product_id = self._find_by_reference(sku)
        if product_id:
            return Proposal(product_id, "similar_reference")
        product_id = self._find_by_name(title)
        return Proposal(product_id, "similar_name") if product_id else None

    def _find_by_reference(self, sku):
        """The same letters and digits; else the same without what sellers add at the ends."""
        sku_words = words(sku)
        whole, stem = squeezed(sku_words), squeezed(core(sku_words))
        if len(stem) < SHORTEST_REFERENCE:
            return None
        for index, key in ((self._by_reference, whole), (self._by_reference, stem), (self._by_core, stem)):
            if key in index:
                return index[key]
        return None

    def _find_by_name(self, title):
        """The product all of whose name's words stand in the title; the name with the most words wins."""
        title_words = set(words(title))
        most, found = 0, set()
        for word in title_words:
            for name_words, product_id in self._by_rarest_word.get(word, ()):
                if len(name_words) < most or not name_words <= title_words:
                    continue
                if len(name_words) > most:
                    most, found = len(name_words), set()
                found.add(product_id)
        return found.pop() if len(found) == 1 else None


def words(text):
    """The words of a text, without regard to case and to the ways of writing one character."""
    normal = unicodedata.normalize("NFKC", text or "").casefold()
    return WORD.findall(normal.replace("_", " "))


def squeezed(parts):
    return "".join(parts)


def core(parts):
    """The words without the additions at either end; all of them when nothing else would be left."""
    first, last = 0, len(parts)
    while first < last and parts[first] in ADDITIONS:
        first += 1
    while last > first and parts[last - 1] in ADDITIONS:
        last -= 1
    return parts[first:last] or parts


def _note(index, key, product_id):
    """Two products under one key are none."""
    if key:
        index[key] = None if index.get(key, product_id) != product_id else product_id


def _index_by_rarest_word(names):
    counts = Counter(word for name_words, _product_id in names for word in name_words)
    index = defaultdict(list)
    for name_words, product_id in names:
        rarest = min(name_words, key=lambda word: (counts[word], word))
        index[rarest].append((name_words, product_id))
    return dict(index)
