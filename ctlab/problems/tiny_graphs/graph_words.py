"""The words of embedded graph problems: made-up kinds of things, and people."""

PEOPLE = ("Ada", "Ben", "Cora", "Dan", "Eva", "Finn", "Gita", "Hugo")
"""Names of individuals: every graph starts from two of them."""
KINDS = (
    "bafin", "belor", "cadun", "celim", "dafor", "dolen", "fagur", "fimel", "gadin", "gelor", "hafun", "himer",
    "jadel", "jorin", "kalum", "kefor", "ladin", "lomur", "mafel", "midor", "nagun", "nelir", "padel", "polin",
    "rafum", "rigor", "sadin", "selur", "tafel", "tomir", "vadun", "velor", "wafin", "wimel", "yagor", "yolun",
    "zadim", "zefur", "zomel", "zurin",
)  # fmt: skip
"""Names of everything else; which of them stand where is drawn anew for each problem."""
