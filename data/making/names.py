"""Invented names of providers: a plant and a bird that nobody would put on one sign."""

from __future__ import annotations

from random import Random

PLANTS = (
    "Alder", "Bracken", "Burdock", "Campion", "Clover", "Comfrey", "Fescue", "Figwort", "Gorse", "Harebell", "Henbit",
    "Knapweed", "Larkspur", "Mallow", "Marram", "Melilot", "Milkwort", "Mugwort", "Nettle", "Osier", "Oxlip", "Pignut",
    "Ragwort", "Restharrow", "Samphire", "Sedge", "Sorrel", "Stitchwort", "Tansy", "Teasel", "Thrift", "Toadflax",
    "Vetch", "Willowherb", "Woodruff", "Yarrow",
)  # fmt: skip
BIRDS = (
    "Avocet", "Bittern", "Brambling", "Bunting", "Chough", "Coot", "Crake", "Curlew", "Dabchick", "Dotterel", "Dunlin",
    "Eider", "Fieldfare", "Gadwall", "Garganey", "Godwit", "Grebe", "Knot", "Lapwing", "Merganser", "Moorhen", "Ouzel",
    "Pipit", "Plover", "Pochard", "Redshank", "Sanderling", "Scaup", "Shoveler", "Siskin", "Smew", "Snipe", "Turnstone",
    "Twite", "Whimbrel", "Wigeon",
)  # fmt: skip
KINDS = ("Home Care", "Care at Home", "Homecare", "Home Support")


def provider_names(random: Random, count: int) -> list[str]:
    pairs = [f"{plant} and {bird}" for plant in PLANTS for bird in BIRDS]
    return [f"{pair} {random.choice(KINDS)}" for pair in random.sample(pairs, count)]
