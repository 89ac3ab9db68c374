"""Made-up people, companies and places, in several scripts."""

from random import Random


def _words(text: str) -> list[str]:
    return text.split()


FIRST = _words(
    """Ada Ben Cleo Dan Eve Finn Gus Hal Ida Jon Kay Leo Mia Ned Ola Pia Quinn Rex Sue Tom Uma Vic Wes Xenia Yan Zoe
    Zoë José Łukasz Søren Žofie Ürsula Ñusta Éloïse Þóra Dmitri Наталья Олег 花子 健 Ayşe Thảo Amélie Björn"""
)
LAST = _words(
    """Lake Marsh Woods Stone Rivers Hill Fields Banks Moor Heath Dale Reed Brook Ford Glen Frost Winter O'Hara
    D'Angelo Müller Østergård Núñez Kowalczyk Šimek Иванова Петров 山田 鈴木 Öztürk Nguyễn Lefèvre Smith-Jones"""
)
_FIRM = _words(
    """Northwind Bluebird Redwood Silverline Papertrail Lighthouse Quicksand Foxglove Ironbark Moonstone Sunfield
    Greenway Fjällräven-Söhne Café Größe Pięć Águila Çelik 東京 株式会社 Ромашка Ноль"""
)
_TRADE = _words(
    """Telephony Dental Plumbing Logistics Bakery Software Studio Labs Farms Optics Media Travel Legal Fitness Foods
    Robotics Print Security Cycles Gardens"""
)
_FORM = [
    "Ltd",
    "Inc.",
    "LLC",
    "GmbH",
    "S.A.",
    "Co.",
    "& Sons",
    "AG",
    "K.K.",
    "OÜ",
    "🎉",
    "🚀 Inc.",
    '"Quoted" Ltd',
    "A/S",
]
PLACES = (
    ("Minneapolis", "MN", "55416", "United States"),
    ("Burlington", "VT", "05401", "United States"),
    ("Austin", "TX", "78701", "United States"),
    ("San José", "CA", "95112", "United States"),
    ("Toronto", "ON", "M5H 2N2", "Canada"),
    ("Montréal", "QC", "H2Y 1C6", "Canada"),
    ("Köln", "Nordrhein-Westfalen", "50667", "Germany"),
    ("London", "England", "SW1A 1AA", "United Kingdom"),
    ("東京", "Tokyo", "100-0001", "Japan"),
)
_STREETS = ("Main Street", "Lake Road", "2nd Ave.", "Hauptstraße", "Rue de l'Église", "Elm Court", "Mill Lane")


def person(random: Random) -> tuple[str, str]:
    """A first and a last name."""
    return random.choice(FIRST), random.choice(LAST)


def firm(random: Random, number: int) -> str:
    """A company's name; the number keeps most of them apart."""
    name = f"{random.choice(_FIRM)} {random.choice(_TRADE)} {random.choice(_FORM)}"
    return name if random.random() < 0.1 else f"{name} {number}"


def street(random: Random) -> str:
    """A street and house number."""
    return f"{random.randrange(1, 999)} {random.choice(_STREETS)}"
