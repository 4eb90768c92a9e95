"""What is wrong in a programme file or a file of boundaries, one line each, for whoever runs the program."""

from collections.abc import Mapping
from typing import Any

from council.boundaries import BoundaryFileError, BoundaryProblem
from council.programme_file import Problem, ProgrammeFileError
from locales.sentences import sentence
from locales.translator import Translator

EXPECTED = {
    "missing": sentence("cette clé manque."),
    "unknown_key": sentence("cette clé n’existe pas. Clés possibles : {choices}."),
    "empty_text": sentence("il faut au moins un signe."),
    "long_text": sentence("{bound} signes au plus."),
    "text": sentence("il faut un texte entre guillemets."),
    "choice": sentence("il faut l’un de ces mots : {choices}."),
    "whole_number": sentence("il faut un nombre entier."),
    "number": sentence("il faut un nombre."),
    "more_than": sentence("il faut plus de {bound}."),
    "at_least": sentence("il faut au moins {bound}."),
    "at_most": sentence("{bound} au plus."),
    "cents": sentence("deux chiffres au plus après la virgule."),
    "large_number": sentence("ce nombre a trop de chiffres."),
    "date": sentence("il faut une date, par exemple 2026-03-02."),
    "time": sentence("il faut une heure, par exemple 09:00:00."),
    "list": sentence("il faut une liste, entre crochets."),
    "empty_list": sentence("il en faut au moins un."),
    "section": sentence("il faut une section, par exemple [controller]."),
    "yes_or_no": sentence("ni true ni false ne convient ici."),
    "not_accepted": sentence("cette valeur ne convient pas."),
    "unknown_timezone": sentence("fuseau horaire inconnu. Par exemple : Europe/Paris."),
    "ends_before_start": sentence("la fin vient avant le début ({start})."),
    "half_a_location": sentence("il faut la latitude et la longitude, ou aucune."),
    "hours_overlap": sentence("les heures d’un jour se suivent et ne se recouvrent pas."),
    "named_twice": sentence("« {name} » est écrit deux fois."),
    "told_differently": sentence("« {name} » est écrit autrement sous un autre conseil."),
    "french_is_missing": sentence("la langue « fr » est obligatoire."),
    "unspoken_language": sentence("le robot ne parle pas « {name} ». Langues possibles : {choices}."),
    "unknown_field": sentence("le champ « {name} » n’existe pas entre accolades."),
    "unknown_council": sentence("aucun conseil n’a le code « {name} »."),
    "fixed_parts_too_large": sentence("les parts fixes dépassent ce qui se partage ({shared} €)."),
    "bad_code": sentence("il faut 1 à 32 lettres sans accent, chiffres, tirets."),
    "bad_email": sentence("il faut une adresse, par exemple nom@exemple.fr."),
    "bad_language": sentence("il faut un code de langue, par exemple fr."),
    "no_such_file": sentence("ce fichier n’existe pas. Programmes fournis : {choices}."),
    "unreadable_file": sentence("ce fichier ne peut pas être lu."),
    "not_utf8": sentence("le fichier doit être enregistré en UTF-8."),
    "not_toml": sentence("ce n’est pas du TOML, à partir du signe {column}."),
    "unfinished": sentence("le fichier s’arrête avant la fin d’une valeur."),
}
_BOUNDARIES = {
    "not_json": sentence("ce fichier n’est pas du JSON."),
    "not_geojson": sentence("ce fichier n’est pas du GeoJSON (FeatureCollection)."),
    "no_shapes": sentence("ce fichier ne contient aucun quartier."),
    "no_code": sentence("le code du quartier manque (code_qp)."),
    "code_twice": sentence("ce code est déjà dans le fichier."),
    "not_a_surface": sentence("il faut un polygone."),
    "broken_shape": sentence("le contour ne peut pas être lu."),
    "not_degrees": sentence("il faut des degrés (WGS 84), pas des mètres."),
    "crossing_lines": sentence("le contour se croise lui-même."),
}


def programme_error_lines(error: ProgrammeFileError, say: Translator) -> list[str]:
    """File, line, key and what is expected: one line a problem."""
    return [_programme_line(str(error.path), each, say) for each in error.problems]


def boundary_error_lines(error: BoundaryFileError, say: Translator) -> list[str]:
    """The number and the code of the shape, and what is expected."""
    return [_boundary_line(each, say) for each in error.problems]


def _programme_line(path: str, problem: Problem, say: Translator) -> str:
    expected = say.plain(EXPECTED[problem.code], **_as_words(problem.details))
    if not problem.line:
        return say.plain("{file} : {expected}", file=path, expected=expected)
    if not problem.key:
        return say.plain("{file}, ligne {line} : {expected}", file=path, line=problem.line, expected=expected)
    return say.plain(
        "{file}, ligne {line}, {key} : {expected}", file=path, line=problem.line, key=problem.key, expected=expected
    )


def _boundary_line(problem: BoundaryProblem, say: Translator) -> str:
    expected = say.plain(_BOUNDARIES[problem.code])
    if not problem.feature:
        return expected
    if not problem.name:
        return say.plain("Contour {number} : {expected}", number=problem.feature, expected=expected)
    return say.plain(
        "Contour {number} ({name}) : {expected}", number=problem.feature, name=problem.name, expected=expected
    )


def _as_words(details: Mapping[str, Any]) -> dict[str, Any]:
    return {name: ", ".join(value) if isinstance(value, list) else value for name, value in details.items()}
