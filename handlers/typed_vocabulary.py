"""The words in which people type dates and times, language by language, and the mark that each stands for.

typed_dates.py has one grammar of marks for all languages. Months and weekdays come from CLDR through Babel. The other
words stand here in their usual spelling: accents, capitals, hyphens and apostrophes are levelled on both sides.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property

from babel import Locale, UnknownLocaleError

LANGUAGES = ("fr", "en", "ar", "tr", "pt", "es")
"""Also the order in which they are tried after the person's own: in France, French first."""

# The countries of the residents who write Arabic name the months in their own ways.
_CLDR_LOCALES = {"ar": ("ar", "ar_DZ", "ar_MA", "ar_SY")}

# Digits and marks that everybody writes, whatever the language of the interface.
_EVERYWHERE = {
    "<hour>": "h, hr, hrs, hs",
    "<minute>": "min, mn, mins",
    "<am>": "am",
    "<pm>": "pm",
}

_WORDS: dict[str, dict[str, str]] = {
    "fr": {
        "<today+0>": "aujourd'hui",
        "<today+0> <morning>": "ce matin",
        "<today+0> <pm>": "ce soir, cet après-midi, cette après-midi",
        "<today+1>": "demain",
        "<today+2>": "après-demain",
        "<today-1>": "hier",
        "<today-2>": "avant-hier",
        "<next>": "prochain, prochaine, suivant, suivante, qui vient",
        "<last>": "dernier, dernière, passé, passée",
        "<then+7>": "en huit, en 8",
        "<then+14>": "en quinze, en 15",
        "<in>": "dans, d'ici",
        # A French week counts both its ends: « dans huit jours » is the same weekday.
        "1 <weeks>": "huit jours, 8 jours",
        "2 <weeks>": "quinze jours, 15 jours, quinzaine",
        "<days>": "jour, jours, j",
        "<weeks>": "semaine, semaines",
        "<months>": "mois",
        "<hour>": "heure, heures",
        "<minute>": "minute, minutes",
        "15 <minute>": "un quart d'heure, quart d'heure, 1/4 d'heure",
        "30 <minute>": "une demi-heure, demi-heure, 1/2 heure",
        "45 <minute>": "trois quarts d'heure, 3/4 d'heure",
        "<half>": "et demie, et demi",
        "<quarter>": "et quart",
        "<lessquarter>": "moins le quart, moins quart",
        "<noon>": "midi",
        "<midnight>": "minuit",
        "<morning>": "matin, du matin, dans la matinée",
        "<pm>": "soir, du soir, après-midi, de l'après-midi",
        "<at>": "à, vers",
        "<the>": "le, er",
        "": "la, les, l', de, du, d', des, pour, ce, cette, au, et, svp",
        "<month:1>": "jan",
        "<month:2>": "fev",
        "<month:7>": "juill",
        "1": "un, une, premier, première",
        "2": "deux",
        "3": "trois",
        "4": "quatre",
        "5": "cinq",
        "6": "six",
        "7": "sept",
        "8": "huit",
        "9": "neuf",
        "10": "dix",
        "11": "onze",
        "12": "douze",
        "13": "treize",
        "14": "quatorze",
        "15": "quinze",
        "16": "seize",
        "17": "dix-sept",
        "18": "dix-huit",
        "19": "dix-neuf",
        "20": "vingt",
        "21": "vingt et un, vingt et une",
        "22": "vingt-deux",
        "23": "vingt-trois",
        "30": "trente",
        "45": "quarante-cinq",
    },
    "en": {
        "<today+0>": "today",
        "<today+0> <morning>": "this morning",
        "<today+0> <pm>": "tonight, this evening, this afternoon",
        "<today+1>": "tomorrow",
        "<today+2>": "day after tomorrow",
        "<today-1>": "yesterday",
        "<next>": "next, coming",
        "<last>": "last",
        "<in>": "in",
        "2 <weeks>": "fortnight",
        "<days>": "day, days",
        "<weeks>": "week, weeks",
        "<months>": "month, months",
        "<hour>": "hour, hours, o'clock",
        "<minute>": "minute, minutes",
        "30 <minute>": "half an hour, half hour",
        "<half>": "half past",
        "<quarter>": "quarter past",
        "<lessquarter>": "quarter to",
        "<noon>": "noon, midday",
        "<midnight>": "midnight",
        "<morning>": "morning, in the morning",
        "<pm>": "afternoon, evening, in the afternoon, in the evening, at night",
        "<at>": "at",
        "<the>": "the, st, nd, rd, th",
        "": "a, an, on, of, and, this, for, please",
        "<weekday:2>": "tues",
        "<weekday:3>": "weds",
        "<weekday:4>": "thur, thurs",
        "<month:9>": "sept",
        "1": "one, first",
        "2": "two",
        "3": "three",
        "4": "four",
        "5": "five",
        "6": "six",
        "7": "seven",
        "8": "eight",
        "9": "nine",
        "10": "ten",
        "11": "eleven",
        "12": "twelve",
    },
    "ar": {
        "<today+0>": "اليوم",
        "<today+0> <morning>": "هذا الصباح",
        "<today+0> <pm>": "هذا المساء, الليلة",
        "<today+1>": "غدا, غد, بكرة",
        "<today+2>": "بعد غد, بعد غدا, بعد بكرة",
        "<today-1>": "أمس, البارحة",
        "<next>": "القادم, القادمة, المقبل, المقبلة, الجاي",
        "<last>": "الماضي, الماضية",
        "<in>": "بعد, خلال",
        "<days>": "يوم, يوما, أيام",
        "2 <days>": "يومين",
        "<weeks>": "أسبوع, أسابيع, الأسبوع",
        "2 <weeks>": "أسبوعين",
        "<months>": "شهر, أشهر, شهور, الشهر",
        "2 <months>": "شهرين",
        "<hour>": "ساعة, ساعات",
        "2 <hour>": "ساعتين",
        "<minute>": "دقيقة, دقائق",
        "30 <minute>": "نصف ساعة",
        "15 <minute>": "ربع ساعة",
        "<half>": "والنصف, ونصف, و النصف, و نصف",
        "<quarter>": "والربع, وربع, و الربع, و ربع",
        "<lessquarter>": "إلا الربع, إلا ربع",
        "<noon>": "الظهر, منتصف النهار",
        "<midnight>": "منتصف الليل",
        "<am>": "صباحا, الصباح, في الصباح, ص",
        "<pm>": "مساء, المساء, في المساء, بعد الظهر, عصرا, العصر, ظهرا, م",
        "<night>": "ليلا",
        "<at>": "الساعة, على الساعة, في الساعة, عند الساعة",
        "": "في, هذا, هذه, من, و, على, بتاريخ",
        "<weekday:1>": "يوم الاثنين, اثنين",
        "<weekday:2>": "يوم الثلاثاء, الثلاثا",
        "<weekday:3>": "يوم الأربعاء, الأربعا",
        "<weekday:4>": "يوم الخميس",
        "<weekday:5>": "يوم الجمعة",
        "<weekday:6>": "يوم السبت",
        "<weekday:7>": "يوم الأحد",
        "1": "واحد, واحدة, الواحدة",
        "2": "الثانية",
        "3": "ثلاثة, ثلاث, الثالثة",
        "4": "أربعة, أربع, الرابعة",
        "5": "خمسة, خمس, الخامسة",
        "6": "ستة, ست, السادسة",
        "7": "سبعة, سبع, السابعة",
        "8": "ثمانية, ثماني, الثامنة",
        "9": "تسعة, تسع, التاسعة",
        "10": "عشرة, عشر, العاشرة",
        "11": "الحادية عشرة",
        "12": "الثانية عشرة",
    },
    "tr": {
        "<today+0>": "bugün",
        "<today+0> <morning>": "bu sabah",
        "<today+0> <pm>": "bu akşam, bu gece",
        "<today+1>": "yarın",
        "<today+2>": "öbür gün, ertesi gün, yarından sonra",
        "<today-1>": "dün",
        "<next>": "gelecek, önümüzdeki",
        "<next> <weeks>": "haftaya",
        "<last>": "geçen",
        "<in>": "sonra, içinde",
        "<days>": "gün",
        "<weeks>": "hafta",
        "<months>": "ay",
        "<hour>": "saat, saatte, saati",
        "<minute>": "dakika, dk",
        "30 <minute>": "yarım saat",
        "<half>": "buçuk, buçukta",
        "<noon>": "öğle, öğlen, öğleyin",
        "<midnight>": "gece yarısı",
        "<morning>": "sabah, öğleden önce",
        "<pm>": "akşam, öğleden sonra",
        "<night>": "gece",
        "": "günü, bu, de, da, te, ta",
        "1": "bir",
        "2": "iki",
        "3": "üç",
        "4": "dört",
        "5": "beş",
        "6": "altı",
        "7": "yedi",
        "8": "sekiz",
        "9": "dokuz",
        "10": "on",
        "11": "on bir",
        "12": "on iki",
    },
    "pt": {
        "<today+0>": "hoje",
        "<today+0> <morning>": "esta manhã, hoje de manhã",
        "<today+0> <pm>": "esta tarde, esta noite, hoje à tarde, hoje à noite",
        "<today+1>": "amanhã",
        "<today+2>": "depois de amanhã",
        "<today-1>": "ontem",
        "<today-2>": "anteontem",
        "<next>": "próximo, próxima, que vem, seguinte",
        "<last>": "passado, passada",
        "<in>": "em, dentro de, daqui a",
        "1 <weeks>": "oito dias, 8 dias",
        "2 <weeks>": "quinze dias, 15 dias",
        "<days>": "dia, dias",
        "<weeks>": "semana, semanas",
        "<months>": "mês, meses",
        "<hour>": "hora, horas",
        "<minute>": "minuto, minutos",
        "30 <minute>": "meia hora",
        "<half>": "e meia",
        "<quarter>": "e um quarto",
        "<noon>": "meio-dia",
        "<midnight>": "meia-noite",
        "<morning>": "de manhã, da manhã, manhã",
        "<pm>": "da tarde, de tarde, à tarde, tarde, à noite",
        "<night>": "da noite",
        "<at>": "às, pelas",
        "<the>": "o, no dia, o dia",
        "": "a, ao, de, do, da, na, no, e, este, esta, para, feira",
        "<weekday:1>": "segunda",
        "<weekday:2>": "terça",
        "<weekday:3>": "quarta",
        "<weekday:4>": "quinta",
        "<weekday:5>": "sexta",
        "1": "um, uma, primeiro",
        "2": "dois, duas",
        "3": "três",
        "4": "quatro",
        "5": "cinco",
        "6": "seis",
        "7": "sete",
        "8": "oito",
        "9": "nove",
        "10": "dez",
        "11": "onze",
        "12": "doze",
    },
    "es": {
        "<today+0>": "hoy",
        "<today+0> <morning>": "esta mañana",
        "<today+0> <pm>": "esta tarde, esta noche",
        "<today+1>": "mañana",
        "<today+2>": "pasado mañana",
        "<today-1>": "ayer",
        "<today-2>": "anteayer",
        "<next>": "próximo, próxima, que viene, siguiente",
        "<last>": "pasado, pasada",
        "<in>": "en, dentro de",
        "1 <weeks>": "ocho días, 8 días",
        "2 <weeks>": "quince días, 15 días",
        "<days>": "día, días",
        "<weeks>": "semana, semanas",
        "<months>": "mes, meses",
        "<hour>": "hora, horas",
        "<minute>": "minuto, minutos",
        "30 <minute>": "media hora",
        "<half>": "y media",
        "<quarter>": "y cuarto",
        "<lessquarter>": "menos cuarto",
        "<noon>": "mediodía",
        "<midnight>": "medianoche",
        "<morning>": "de la mañana, por la mañana",
        "<pm>": "de la tarde, por la tarde, tarde, por la noche",
        "<night>": "de la noche",
        "<at>": "a las, a la, las, al",
        "<the>": "el, el día",
        "": "a, de, del, la, los, y, este, esta, para, o",
        "<month:9>": "setiembre",
        "1": "un, una, uno, primero",
        "2": "dos",
        "3": "tres",
        "4": "cuatro",
        "5": "cinco",
        "6": "seis",
        "7": "siete",
        "8": "ocho",
        "9": "nueve",
        "10": "diez",
        "11": "once",
        "12": "doce",
    },
}


# Letters written two ways: dotless i (tr), ta marbuta, alif maqsura, and the tatweel that only stretches a word (ar).
_ONE_LETTER = str.maketrans("ıةى", "iهي", "ـ")


def levelled(text: str) -> str:
    """`text` as the vocabulary compares it: lower case, no accents, Western digits, words and numbers set apart.

    `. / - :` stay between digits alone, where they belong to a date or a time.
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    letters = (c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) not in {"Mn", "Cf"})
    text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in letters)
    text = text.translate(_ONE_LETTER)
    text = re.sub(r"(?<=\d)\s*([/:])\s*(?=\d)", r"\1", text)
    text = re.sub(r"(?<=\d),(?=\d)", ".", text)
    text = re.sub(r"\b([ap])\. ?m\b", r"\1m", text)
    text = re.sub(r"(?<=\d)t(?=\d)", " ", text)  # ISO 8601
    text = re.sub(r"(?<!\d)[./:-]|[./:-](?!\d)|[^\w\s./:-]", " ", text)
    text = re.sub(r"(?<=\d)(?=[^\W\d])|(?<=[^\W\d])(?=\d)", " ", text)
    return " ".join(text.split())


@dataclass(frozen=True)
class Vocabulary:
    marks: dict[str, str]
    months: dict[str, str]

    def marked(self, text: str) -> str:
        """Levelled `text` with each known word replaced by its mark; unknown words stay, for the grammar to refuse."""
        return " ".join(self._any_phrase.sub(self._mark_of, text).split())

    @cached_property
    def _any_phrase(self) -> re.Pattern[str]:
        longest_first = sorted({*self.marks, *self.months}, key=len, reverse=True)
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")

    def _mark_of(self, found: re.Match[str]) -> str:
        phrase = found.group()
        follows_a_number = found.string[: found.start()].rstrip()[-1:].isdigit()
        # « 12 sept » is a month and « sept heures » a number; "12 dez", "10 mar" in Portuguese and Spanish likewise.
        if phrase in self.months and (follows_a_number or phrase not in self.marks):
            return f" {self.months[phrase]} "
        return f" {self.marks[phrase]} "


@cache
def vocabulary(language: str) -> Vocabulary:
    """The words of one of LANGUAGES; for any other that CLDR has, its weekdays and months and what everybody writes."""
    words, months = _phrases(_EVERYWHERE), dict[str, str]()
    for cldr in _cldr_locales(language):
        for width in ("abbreviated", "wide"):
            words |= {levelled(day): f"<weekday:{n + 1}>" for n, day in cldr.days["format"][width].items()}
            months |= {levelled(month): f"<month:{n}>" for n, month in cldr.months["format"][width].items()}
    return Vocabulary(words | _phrases(_WORDS.get(language, {})), months)


def _cldr_locales(language: str) -> list[Locale]:
    try:
        return [Locale.parse(name) for name in _CLDR_LOCALES.get(language, (language,))]
    except (UnknownLocaleError, ValueError):
        return []


def _phrases(table: dict[str, str]) -> dict[str, str]:
    return {levelled(phrase): mark for mark, phrases in table.items() for phrase in phrases.split(",")}
