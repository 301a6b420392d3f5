package org.nfsproxy.server.locks;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.server.member.MemberSecret;
import org.nfsproxy.xdr.XdrException;

/** What the shared records say, read. Made by one thread, then used by another. */
// What is of no form of ours, or not sealed with our secret, is passed over: too little can only be
// what somebody removed who can reach the instances' own network.
final class Inherited {
  /** Of several terms, that of the latest one. */
  private record OfTerm(TermId term, HeldEntry entry) {}

  private final TermRecord now;
  private final Map<HeldKey, OfTerm> held = new HashMap<>();
  private final Map<TermId, Long> last = new HashMap<>();
  private final Set<String> keys = new HashSet<>();
  private int unread;
  private TermId noticeTerm = TermId.NONE;
  private int originState;
  private boolean isOriginTold = true;

  private Inherited(TermRecord now) {
    this.now = now;
  }

  static Inherited of(Map<String, byte[]> records, MemberSecret secret, TermRecord now) {
    Inherited all = new Inherited(now);
    records.forEach((key, value) -> all.read(key, value, secret));
    return all;
  }

  private void read(String key, byte[] value, MemberSecret secret) {
    TermId term = SharedForm.termOf(key);
    if (key.equals(SharedForm.TERM)) {
      return;
    }
    if (term == null) {
      keys.add(key);
      return;
    }
    byte[] record = secret.opened(key, value);
    if (record == null) {
      unread++;
      return;
    }
    keys.add(key);
    try {
      LockRecords.read(record, new Reader(term));
    } catch (XdrException wrong) {
      unread++;
    }
  }

  private final class Reader implements LockRecords.Listener {
    private final TermId term;

    Reader(TermId term) {
      this.term = term;
    }

    @Override
    public void held(HeldEntry entry) {
      last.merge(term, entry.sequence, Math::max);
      OfTerm other = held.get(entry.key);
      if (other == null || other.term.number() < term.number()) {
        held.put(entry.key, new OfTerm(term, entry));
      }
    }

    @Override
    public void notice(int state, boolean isTold) {
      if (term.number() >= noticeTerm.number()) {
        noticeTerm = term;
        originState = state;
        isOriginTold = isTold;
      }
    }

    @Override
    public void address(InetAddress address) {}

    @Override
    public void row(int row, LockOwner owner) {}

    @Override
    public void dropped(HeldKey key) {}

    @Override
    public void term(TermId id) {}
  }

  /**
   * What was found.
   *
   * @param shared entries of the shared records
   * @param file those of the journal
   * @param onlyInFile of these, those that nobody else knew
   * @param givenUp of these, those that were over when somebody else was the owner
   * @param unread shared records that are none of ours
   */
  record Found(int shared, int file, int onlyInFile, List<HeldKey> givenUp, int unread) {}

  /** Which term it was, with what is known now of those before. */
  TermRecord now() {
    return now.withSeen(last);
  }

  /** The last change of all. */
  long lastSequence() {
    return last.values().stream().mapToLong(Long::longValue).max().orElse(0);
  }

  /** Keys of all that was read, but for which term it is. */
  Set<String> keys() {
    return keys;
  }

  /**
   * Puts what is shared and what a journal has together, in the journal's place: too much is
   * harmless. What the journal has and the shared records lack is gone if an owner behind the
   * journal's last term has seen it.
   */
  Found putInto(HeldLocks file) {
    TermRecord known = now();
    int inFile = file.size();
    int onlyInFile = 0;
    List<HeldKey> givenUp = new ArrayList<>();
    for (HeldEntry entry : file.all()) {
      OfTerm found = held.get(entry.key);
      boolean isSeen = known.hasSeen(file.ofTerm(), entry.sequence);
      if (found != null && !isSeen) {
        add(entry, found.entry);
      } else if (found == null && isSeen) {
        file.remove(entry.key);
        givenUp.add(entry.key);
      } else if (found == null) {
        onlyInFile++;
      }
    }
    for (OfTerm found : held.values()) {
      HeldEntry entry = file.find(found.entry.key);
      boolean isNewer = entry == null || known.hasSeen(file.ofTerm(), entry.sequence);
      if (isNewer) {
        file.held(found.entry);
      }
    }
    if (!noticeTerm.equals(TermId.NONE)) {
      file.notice(originState, isOriginTold);
    }
    return new Found(held.size(), inFile, onlyInFile, givenUp, unread);
  }

  /** Entries of other terms than the one that runs, which none of its owner's has. */
  List<HeldEntry> foreign(TermId running) {
    List<HeldEntry> foreign = new ArrayList<>();
    held.values().stream()
        .filter(found -> !found.term.equals(running))
        .forEach(found -> foreign.add(found.entry));
    return foreign;
  }

  /** Of which term an entry is that was read here. */
  TermId termOf(HeldEntry entry) {
    OfTerm found = held.get(entry.key);
    return found == null ? TermId.NONE : found.term;
  }

  /** Keys of other terms. */
  Set<String> foreignKeys(TermId running) {
    Set<String> foreign = new HashSet<>(keys);
    foreign.removeIf(key -> running.equals(SharedForm.termOf(key)));
    return foreign;
  }

  /** What an owner may hold by one record or the other. */
  static void add(HeldEntry to, @Nullable HeldEntry more) {
    if (more != null) {
      more.ranges.all().forEach(range -> to.ranges.add(range.first(), range.last()));
      more.waiting.stream()
          .limit(HeldEntry.WAITING_MAX)
          .filter(wait -> to.waiting.size() < HeldEntry.WAITING_MAX)
          .forEach(to.waiting::add);
      if (more.share != null) {
        to.share = to.share == null ? more.share : to.share.with(more.share);
      }
    }
  }
}
