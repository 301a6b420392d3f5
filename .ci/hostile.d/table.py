"""What a row of the table is, and the rules that it applies to. Not run, imported."""
from collections import namedtuple

# What the export's parameters are, under each kind of rule, and who calls.
Rule = namedtuple("Rule", "name parameters user reads_are_forbidden hides squashes")
RULES = {
    rule.name: rule
    for rule in (
        Rule("ro", {"access": "ro"}, 0, False, False, False),
        Rule("none", {"access": "none"}, 0, True, False, False),
        Rule("hidden", {"hidden": True}, 0, True, True, False),
        Rule("clients", {"clients": ["192.0.2.0/24", "2001:db8::/32"]}, 0, True, False, False),
        Rule("versions", {"versions": ["2"]}, 0, True, False, False),
        Rule("security", {"security": ["krb5", "krb5i", "krb5p"]}, 0, True, False, False),
        Rule("squash-all", {"squash": "all"}, 1234, False, False, True),
        Rule("squash-root", {"squash": "root"}, 0, False, False, True),
    )
}
ALL = tuple(RULES)
FORBIDDEN = tuple(name for name, rule in RULES.items() if not rule.squashes)
READS = tuple(name for name, rule in RULES.items() if rule.reads_are_forbidden)
SECRETS = tuple(name for name, rule in RULES.items() if rule.reads_are_forbidden or rule.squashes)
SQUASHES = tuple(name for name, rule in RULES.items() if rule.squashes)
MAIN = ("ro", "none", "hidden", "squash-all")  # for what takes long
V4, V41, V42, V3 = ("4.0", "4.1", "4.2"), ("4.1", "4.2"), ("4.2",), ("3",)
EVERY = V3 + V4


class Row:
    """One attempt: for each of the versions, under each of the rules.

    Either `operations`, a function of the scene that makes a COMPOUND's operations (sent again after
    NFS4ERR_DELAY, as an attacker would), or `play`, a function that does as it likes and returns what it
    has to complain about. In any case the origin's tree is looked at afterwards.

    harmless: no server known executes it; kept for those that will. So it need not be noticed when
              nobody judges.
    shows:    it may show what a hidden export is called and is (docs/decisions/0017).
    honest:   it is allowed, and must be done.
    """

    def __init__(self, name, versions, rules, operations=None, play=None, harmless=False, shows=False,
                 honest=False):
        self.name, self.versions, self.rules = name, versions, rules
        self.operations, self.play = operations, play
        self.harmless, self.shows, self.honest = harmless, shows, honest
