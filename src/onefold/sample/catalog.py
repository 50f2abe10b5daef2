"""The products of the shop, and the designs printed on them.

Takes a number of people (a larger shop has more designs) and random numbers; returns a frozen ``Catalog`` for
purchases, and the two dimension tables.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from onefold.sample import texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

GENRES = {
    "Animals": ("Cats", "Dogs", "Birds", "Dinosaurs", "Sea Life"),
    "Comedy": ("Puns", "Sarcasm", "Memes", "Dad Jokes"),
    "Food": ("Coffee", "Pizza", "Tacos", "Baking"),
    "Gaming": ("Arcade", "Board Games", "Role Play", "Retro Consoles"),
    "Movies": ("Horror", "Space Opera", "Musicals", "Westerns"),
    "Music": ("Jazz", "Metal", "Synth", "Folk"),
    "Nature": ("Mountains", "Forests", "Oceans", "Deserts"),
    "Science": ("Astronomy", "Chemistry", "Mathematics", "Physics"),
    "Sports": ("Running", "Climbing", "Cycling", "Football"),
    "Typography": ("Quotes", "Lettering", "Alphabets"),
}
CATEGORIES = {"Fan Art": ("Film", "Books", "Games"), "Original": ("Illustration", "Pattern", "Lettering")}
PROPERTIES = ("house", "artist", "licensed")

# By canvas: its group, styles and sizes; whether it is apparel; its type; its price in cents.
CANVASES: dict[str, tuple[str, tuple[str, ...], tuple[str, ...], bool, str, int]] = {
    "T-Shirt": ("Tops", ("Classic", "Premium"), ("S", "M", "L"), True, "shirt", 2200),
    "Tank Top": ("Tops", ("Classic",), ("S", "M", "L"), True, "shirt", 2100),
    "Hoodie": ("Outerwear", ("Pullover", "Zip"), ("M", "L"), True, "fleece", 4500),
    "Kids T-Shirt": ("Kids", ("Classic",), ("4", "6", "8"), True, "shirt", 1900),
    "Hat": ("Accessories", ("Dad Hat", "Beanie"), ("One Size",), True, "headwear", 2600),
    "Mug": ("Home", ("Standard", "Travel"), ("11 oz",), False, "drinkware", 1500),
    "Sticker": ("Stickers", ("Die Cut", "Magnet"), ("Small", "Large"), False, "paper", 350),
    "Poster": ("Wall Art", ("Matte", "Canvas"), ("Small", "Large"), False, "paper", 1600),
    "Phone Case": ("Tech", ("Snap", "Tough"), ("Standard",), False, "case", 2000),
    "Tote": ("Accessories", ("Classic",), ("One Size",), False, "bag", 2400),
}
COLORS = {True: ("Black", "White", "Navy", "Heather", "Red"), False: ("White", "Black")}


@dataclass(frozen=True)
class Catalog:
    """The catalog data for purchases; arrays are by row of the two tables.

    Attributes:
        design_id: Ids of the designs, the most popular first.
        designer_id: Id of each design's designer.
        product_id: Ids of the products.
        price_cents: Full price of each product.
        designs: The table DIM_DESIGNS.
        products: The table DIM_PRODUCTS.
    """

    design_id: pa.StringArray
    designer_id: pa.StringArray
    product_id: pa.StringArray
    price_cents: NDArray[np.int64]
    designs: pa.Table
    products: pa.Table


def build(rng: np.random.Generator, people: int) -> Catalog:
    """The catalog of a shop with ``people`` customers: 250 to 20,000 designs, about 90 products."""
    designs = _designs(rng, int(np.clip(people // 10, 250, 20_000)))
    products, price_cents = _products()
    designers = rng.integers(0, max(40, len(designs) // 5), len(designs))
    return Catalog(
        design_id=designs["design_id"].combine_chunks(),
        designer_id=texts.numbered("A", designers, 5),
        product_id=products["product_id"].combine_chunks(),
        price_cents=price_cents,
        designs=designs,
        products=products,
    )


def _designs(rng: np.random.Generator, count: int) -> pa.Table:
    themes = [(theme, genre) for genre, names in GENRES.items() for theme in names]
    categories = [(first, second) for first, names in CATEGORIES.items() for second in names]
    theme = rng.integers(0, len(themes), count)
    category = rng.integers(0, len(categories), count)
    # Some designs have no theme, so a favourite must be found among the others.
    known = np.where(rng.random(count) < 0.02, -1, theme)
    return pa.table(
        {
            "design_id": texts.numbered("D", np.arange(1, count + 1), 6),
            "theme": texts.pick([name for name, _ in themes], known),
            "theme_genre": texts.pick([genre for _, genre in themes], known),
            "content_category_l1": texts.pick([first for first, _ in categories], category),
            "content_category_l2": texts.pick([second for _, second in categories], category),
            "content_property": texts.pick(PROPERTIES, rng.integers(0, len(PROPERTIES), count)),
            "tp_content": texts.pick([f"{first} / {second}" for first, second in categories], category),
            "tp_theme": texts.pick([f"{genre} / {name}" for name, genre in themes], theme),
        }
    )


def _products() -> tuple[pa.Table, NDArray[np.int64]]:
    rows = [
        {
            "product_canvas": canvas,
            "canvas_group": group,
            "product_style": style,
            "product_size": size,
            "product_color": color,
            "is_apparel": is_apparel,
            "product_gender": ("kids" if group == "Kids" else "unisex") if is_apparel else None,
            "product_type": kind,
        }
        for canvas, (group, styles, sizes, is_apparel, kind, _) in CANVASES.items()
        for style, size, color in product(styles, sizes, COLORS[is_apparel])
    ]
    prices = np.array([CANVASES[str(row["product_canvas"])][-1] for row in rows], dtype=np.int64)
    ids = texts.numbered("P", np.arange(1, len(rows) + 1), 4)
    return pa.Table.from_pylist(rows).add_column(0, "product_id", ids), prices
