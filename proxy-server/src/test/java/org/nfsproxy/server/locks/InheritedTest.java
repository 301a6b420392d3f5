package org.nfsproxy.server.locks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.server.member.MemberSecret;

/** What a new owner holds by the shared records and its own journal: never less than is held. */
class InheritedTest {
  private static final TermId FIRST = new TermId(1, 11);
  private static final TermId SECOND = new TermId(2, 22);

  private final MemberSecret secret =
      new MemberSecret("locks", "secret".getBytes(StandardCharsets.US_ASCII));
  private final OwnerRows rows = new OwnerRows(100);
  private final HeldLocks file = new HeldLocks(rows, LockRig.bounds(100));
  private final Map<String, byte[]> records = new HashMap<>();
  private LockOwner owner;
  private LockOwner other;

  @BeforeEach
  void begin() throws Exception {
    owner = new LockOwner(InetAddress.getByName("10.0.0.1"), "one", 0);
    other = new LockOwner(InetAddress.getByName("10.0.0.2"), "other", 0);
    file.term(FIRST);
  }

  private static HeldEntry entry(LockOwner of, int row, int svid, long first, long sequence) {
    HeldKey key =
        HeldKey.of(OwnerRows.svid(row, svid), new byte[] {1}, Filehandle.of(LockRig.HANDLE));
    HeldEntry entry = new HeldEntry(key, of, 0, new ByteRanges(), 1, new byte[20]);
    entry.ranges.add(first, first + 9);
    entry.sequence = sequence;
    return entry;
  }

  private void share(TermId term, HeldEntry entry) {
    String key = SharedForm.held(term, entry.key);
    records.put(key, secret.sealed(key, LockRecords.held(entry)));
  }

  private Inherited read(Map<TermId, Long> seen) {
    TermRecord now = new TermRecord(SECOND, "m", "i", seen);
    return Inherited.of(records, secret, TermRecord.read(now.bytes()));
  }

  private List<ByteRanges.Range> ranges(HeldEntry entry) {
    return file.find(entry.key).ranges.all();
  }

  @Test
  void entryOfTheJournal_thatAnOwnerBehindItHasSeen_andIsNotShared_isOver() {
    HeldEntry over = entry(owner, 5, 1, 0, 7);
    file.held(over);
    Inherited.Found found = read(Map.of(FIRST, 7L)).putInto(file);
    assertNull(file.find(over.key));
    assertEquals(List.of(over.key), found.givenUp());
  }

  @Test
  void entryOfTheJournal_thatNobodyHasSeen_stays() {
    HeldEntry unseen = entry(owner, 5, 1, 0, 8);
    file.held(unseen);
    Inherited.Found found = read(Map.of(FIRST, 7L)).putInto(file);
    assertEquals(1, found.onlyInFile());
    assertEquals(List.of(new ByteRanges.Range(0, 9)), ranges(unseen));
  }

  @Test
  void entryInBoth_isTheSum_whereTheJournalsWasNotSeen_elseTheSharedOne() {
    for (long seen : new long[] {7, 8}) {
      file.held(entry(owner, 5, 1, 0, 8));
      HeldEntry shared = entry(owner, 5, 1, 50, 30);
      share(SECOND, shared);
      read(Map.of(FIRST, seen)).putInto(file);
      assertEquals(
          seen == 8
              ? List.of(new ByteRanges.Range(50, 59))
              : List.of(new ByteRanges.Range(0, 9), new ByteRanges.Range(50, 59)),
          ranges(shared));
    }
  }

  @Test
  void entryOfTwoTerms_isThatOfTheLaterOne() {
    share(FIRST, entry(owner, 5, 1, 0, 90));
    HeldEntry later = entry(owner, 5, 1, 50, 3);
    share(SECOND, later);
    Inherited inherited = read(Map.of());
    inherited.putInto(file);
    assertEquals(List.of(new ByteRanges.Range(50, 59)), ranges(later));
    assertEquals(90, inherited.lastSequence());
    assertEquals(Map.of(FIRST, 90L, SECOND, 3L), inherited.now().seen());
  }

  @Test
  void rowThatTheJournalGaveToAnother_isOfWhoeverHoldsByIt() {
    rows.put(5, other); // and holds nothing any more
    rows.put(9, owner);
    share(SECOND, entry(owner, 5, 1, 0, 30));
    read(Map.of()).putInto(file);
    assertEquals(owner, rows.owner(5));
    assertEquals(5, rows.find(owner), "its unlock must go where its lock is");
  }

  @Test
  void recordUnderAnotherKey_orWithoutASeal_isNotRead() {
    HeldEntry entry = entry(owner, 5, 1, 0, 30);
    share(SECOND, entry);
    byte[] sealed = records.remove(SharedForm.held(SECOND, entry.key));
    records.put(SharedForm.held(FIRST, entry.key), sealed);
    records.put(SharedForm.held(SECOND, entry.key), LockRecords.held(entry));
    assertEquals(2, read(Map.of()).putInto(file).unread());
    assertEquals(0, file.size());
  }

  @Test
  void termsThatWereSeen_areBounded_theOldestGoFirst() {
    Map<TermId, Long> many = new HashMap<>();
    for (int i = 1; i <= 100; i++) {
      many.put(new TermId(i, i), (long) i);
    }
    TermRecord record = new TermRecord(SECOND, "m", "i", Map.of()).withSeen(many);
    assertEquals(TermRecord.SEEN_MAX, record.seen().size());
    assertEquals(record, TermRecord.read(record.bytes()));
    assertEquals(true, record.hasSeen(new TermId(100, 100), 100));
    assertEquals(false, record.hasSeen(new TermId(36, 36), 1));
  }
}
