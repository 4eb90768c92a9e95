"""What whoever runs the program reads when a copy is refused: what is wrong, and what to do."""

from bot.operations import errors
from locales.translator import Translator


def backup_sentence(refused: errors.BackupRefused, say: Translator) -> str:
    """One line, as bare text. Nothing has changed in the database, whichever it is."""
    match refused:
        case errors.NothingToCopy():
            return say.plain("Cette base est vide : il n’y a rien à copier. Vérifiez PORTEVOIX_DATABASE_URL.")
        case errors.NotABackup():
            return say.plain("Ce fichier n’est pas une copie de Porte-voix. Choisissez-en un autre.")
        case errors.OtherFormat():
            return say.plain("Cette copie vient d’une autre version de Porte-voix. Mettez le programme à jour.")
        case errors.Damaged(place=""):
            return say.plain("Cette copie est abîmée ou incomplète. Rien n’a changé. Prenez-en une autre.")
        case errors.Damaged():
            return say.plain(
                "Cette copie est abîmée, dans la table {table}. Rien n’a changé. Prenez-en une autre.",
                table=refused.place,
            )
        case errors.UnknownRevision():
            return say.plain(
                "Ces tables ({revision}) sont plus récentes que le programme. Mettez le programme à jour.",
                revision=refused.revision,
            )
        case errors.OtherRevision():
            return say.plain(
                "La base ({found}) et la copie ({wanted}) n’ont pas les mêmes tables. Donnez une base vide.",
                found=refused.found,
                wanted=refused.wanted,
            )
        case errors.NotEmpty():
            return say.plain("Il y a déjà des personnes dans cette base. Rien n’a changé. Donnez une base vide.")
    raise LookupError(type(refused))
