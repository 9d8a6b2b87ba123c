"""The words of a text, and which of them say what it is about.

"Utilisation de matériel de forge" is about a forge: "utilisation" and "matériel" stand in so many items that
they say little, "de" says nothing.  These lists take the place of counting: a community has too few items to
count in.
"""

import re
import unicodedata

EMPTY = frozenset(
    """
    a ai ainsi alors as au aux avec avoir c ca ce ceci cela ces cet cette chez comme d dans de des du elle
    elles en entre est et etc etre eu eux faire fait il ils j je l la le les leur leurs lui m ma mais me
    mes moi mon n ne nos notre nous on ont ou par pas pour plus qu que quel quelle quelles quels qui s
    sa sans se ses si son sont sous sur t ta te tes toi ton tout toute toutes tous tres tu un une vers
    vos votre vous y about all also am an and any are at be been but by can do does for from get had has
    have he her his how i if in into is it its make may more most my no not of off or our out over she
    so some such than that the their them then there these they this those to too under up us use used
    using very was we were what when where which who will with you your
    """.split()
)
"""Words without a subject of their own, in small letters without accents."""

FAINT = frozenset(
    """
    accompagner activite activites activities activity adapte adapter agent agente aide aider
    application appliquer apply applying appropriate aspects assistant assurer attache autre autres base
    based bases basic basics besoin besoins bonne bonnes carry carrying charge chargee choix client
    clients company complet complete concernant conduct connaissance connaissances cours create creating
    creation creer customer customers dedie define deliver design develop developing development
    different differentes differents divers diverses domaine domaines effectuer ensemble ensure ensuring
    entreprise entreprises equipe equipement equipements equipment establish etablir exercer expert
    experte expertise externe general generale gerer gestion good goods grand grande groupe handle
    handling help identifier identify implement implementing information informations interne issues
    junior kind kinds knowledge level lie liee lies maintain maitrise maitriser manage management
    manager managing material materials materiel materiels method methode methodes methods mettre mise
    monitor monter nature new niveau notion notions nouveau nouvelle nouvelles object objects objet
    objets oeuvre officer operate operateur operating operation operations operator operatrice
    organisation organise organiser others out outil outils people perform performing person personal
    personne personnes petit petite plan practice practices pratique pratiques prepare preparer
    preparing principe principes principle principles problem probleme problemes problems procede
    procedes procedure procedures process processes produce product production products produire produit
    produits professional professionals professionnel professionnelle professionnels project projects
    projet projets provide providing qualite quality realisation realiser recherche reglementation
    related relatif relatifs relative relatives requirements respecter responsable result resultat
    resultats results secteur sector senior service services simple situation skill skills small
    solution solutions special specialise specialised specialisee specialist specialiste specific
    specifique specifiques staff standard standards suivi suivre supervise support system systeme
    systemes systems tache taches task tasks technician technicien technicienne technique techniques
    technology thing things tool tools travail travailler travaux type types undertake usage use using
    utilisation utilise utiliser utilises various verifier work worker working works
    """.split()
)
"""Words that stand in items of every kind, in small letters without accents."""

_LITTLE = EMPTY | FAINT

FAINTNESS = 0.3
"""How much such a word counts beside one that is telling."""

_WORD = re.compile(r"[^\W_]+[+#]*")


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text without accents, in order, large and small letters as they were."""
    return tuple(_WORD.findall(without_accents(text)))


def without_accents(text: str) -> str:
    """Return a text without accents."""
    parted = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in parted if not unicodedata.combining(letter))


def stem(word: str) -> str:
    """Return a word without the mark of the plural, French or English; not a linguist's stem."""
    return word.rstrip("sx") or word if len(word) > 3 else word  # noqa: PLR2004 - "gas", "bus" stay


def core(text: str) -> str:
    """Return the telling words of a text as they were written; the whole text if it has none."""
    telling = [word for word in _WORD.findall(text) if without_accents(word).casefold() not in _LITTLE]
    return " ".join(telling) or text
