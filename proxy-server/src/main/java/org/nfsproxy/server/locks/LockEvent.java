package org.nfsproxy.server.locks;

/**
 * What happens to locks and is counted: the metric, and the value of its label. Those of one metric
 * stand together.
 */
public enum LockEvent {
  // spotless:off
  /** The client was told that a lock is its own. */
  GRANT_TOLD                 (Metric.GRANTS,    "told"),
  /** It could not be reached. */
  GRANT_UNREACHABLE          (Metric.GRANTS,    "unreachable"),
  /** Nobody here waits for it, or who does may not lock any more. */
  GRANT_TURNED_DOWN          (Metric.GRANTS,    "turned_down"),

  RELEASED_RESTARTED         (Metric.RELEASES,  "client_restarted"),
  RELEASED_FREE_ALL          (Metric.RELEASES,  "client_said_so"),
  RELEASED_ADMINISTRATOR     (Metric.RELEASES,  "administrator"),

  REFUSED_RULES              (Metric.REFUSED,   "rules"),
  REFUSED_OWNERS             (Metric.REFUSED,   "owners"),
  REFUSED_HELD               (Metric.REFUSED,   "held"),
  REFUSED_WAITING            (Metric.REFUSED,   "waiting"),
  REFUSED_JOURNAL_BROKEN     (Metric.REFUSED,   "journal_broken"),
  REFUSED_JOURNAL_FULL       (Metric.REFUSED,   "journal_full"),
  REFUSED_INSTANCES          (Metric.REFUSED,   "other_instances"),
  REFUSED_NO_OWNER           (Metric.REFUSED,   "no_owner"),
  REFUSED_ORIGIN             (Metric.REFUSED,   "origin"),
  REFUSED_NAME               (Metric.REFUSED,   "owner_too_long"),

  UNANSWERED_CALLS           (Metric.UNANSWERED, "too_many_calls"),
  UNANSWERED_UNJUDGED        (Metric.UNANSWERED, "not_judged"),
  UNANSWERED_ORIGIN          (Metric.UNANSWERED, "origin"),
  UNANSWERED_NO_OWNER        (Metric.UNANSWERED, "no_owner"),

  CALL_NOT_LET_IN            (Metric.NOT_CALLED, "no_rule"),
  CALL_RESTING               (Metric.NOT_CALLED, "no_answer_before"),
  CALL_NO_ROOM               (Metric.NOT_CALLED, "too_many");
  // spotless:on

  /** The metrics, with what they say. */
  enum Metric {
    GRANTS(
        "locks_grants_total",
        "outcome",
        "Waits that the origin ended. unreachable: the client asks itself, in half a minute; look at"
            + " its port 111 and its lock manager's."),
    RELEASES(
        "locks_releases_total",
        "reason",
        "Owners and files whose locks were given back in the client's place."),
    REFUSED(
        "locks_refused_total",
        "reason",
        "Locks that were refused here. rules: as configured. owners, held, waiting: a bound of"
            + " section locks. journal_broken: the log says why the disk cannot be written."
            + " journal_full: it takes nothing for now, and clients ask again. other_instances: they"
            + " cannot be told now; no_owner: no instance has locks.address that can be reached;"
            + " both ask again. origin: it refuses calls by RPC."),
    UNANSWERED(
        "locks_unanswered_total",
        "reason",
        "Calls for locks without a reply; clients send them again. too_many_calls:"
            + " locks.callsPerClientMax or locks.callBytesMax. not_judged: the origin did not say"
            + " which filesystem a file is in. origin: nobody knows what it made of the call."
            + " no_owner: an unlock, or a reclaim, while no instance has locks.address."),
    NOT_CALLED(
        "locks_not_called_total",
        "reason",
        "Calls to clients' own lock managers that were not made. no_rule: no rule lets that address"
            + " in. no_answer_before: a stranger that did not answer a moment ago. too_many:"
            + " locks.strangersMax, or more than one client is told at a time.");

    private final String title;
    private final String label;
    private final String help;

    Metric(String title, String label, String help) {
      this.title = title;
      this.label = label;
      this.help = help;
    }

    String title() {
      return title;
    }

    String label() {
      return label;
    }

    String help() {
      return help;
    }
  }

  private final Metric metric;
  private final String word;

  LockEvent(Metric metric, String word) {
    this.metric = metric;
    this.word = word;
  }

  Metric metric() {
    return metric;
  }

  String word() {
    return word;
  }
}
