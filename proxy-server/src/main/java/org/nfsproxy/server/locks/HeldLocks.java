package org.nfsproxy.server.locks;

import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What all clients may hold, with the rows of their owners. Used by one thread; its numbers may be
 * read by any.
 */
// Each entry has a place in a list for as long as it is there, so that whoever walks all of them
// may stop, let others change them, and go on: what was there all the time is met once.
final class HeldLocks implements LockRecords.Listener {
  /** What one client address may have of the bytes of all. */
  private static final int CLIENT_SHARE = 4;

  private final OwnerRows rows;
  private final int max;
  private final int perClientMax;
  private final long bytesMax;
  private final Map<HeldKey, HeldEntry> entries = new HashMap<>();
  private final Map<InetAddress, OfClient> ofClient = new HashMap<>();
  private final List<@Nullable HeldEntry> places = new ArrayList<>();
  private final Deque<Integer> freePlaces = new ArrayDeque<>();
  private @Nullable InetAddress address;
  private int originState;
  private boolean originTold = true;
  private TermId term = TermId.NONE;
  private volatile int size;
  private volatile int waiting;
  private volatile long bytes;

  private static final class OfClient {
    private final Set<HeldEntry> entries = new LinkedHashSet<>();
    private long bytes;
  }

  HeldLocks(OwnerRows rows, LockBounds bounds) {
    this.rows = rows;
    this.max = bounds.heldMax();
    this.perClientMax = bounds.heldPerClientMax();
    this.bytesMax = bounds.heldBytesMax();
  }

  @Nullable HeldEntry find(HeldKey key) {
    return entries.get(key);
  }

  /** Whether a client may hold something more, in one file more or in one that it has. */
  boolean hasRoom(InetAddress client, boolean isNewFile) {
    OfClient of = ofClient.get(client);
    long ofBytes = of == null ? 0 : of.bytes;
    int ofSize = of == null ? 0 : of.entries.size();
    return bytes < bytesMax
        && ofBytes < bytesMax / CLIENT_SHARE
        && (!isNewFile || size < max && ofSize < perClientMax);
  }

  void add(HeldEntry entry) {
    remove(entry.key);
    entries.put(entry.key, entry);
    ofClient.computeIfAbsent(entry.owner.client(), client -> new OfClient()).entries.add(entry);
    Integer free = freePlaces.poll();
    if (free == null) {
      entry.place = places.size();
      places.add(entry);
    } else {
      entry.place = free;
      places.set(free, entry);
    }
    rows.used(entry.key.row());
    size = entries.size();
    weigh(entry, 0);
  }

  /**
   * Takes over how much there is of an entry that has changed.
   *
   * @param recordBytes of its record in the journal
   */
  void weigh(HeldEntry entry, int recordBytes) {
    OfClient of = ofClient.get(entry.owner.client());
    if (of == null || entries.get(entry.key) != entry) {
      return;
    }
    of.bytes += recordBytes - entry.recordBytes;
    bytes = bytes + recordBytes - entry.recordBytes;
    waiting = waiting + entry.waiting.size() - entry.waitingCounted;
    entry.recordBytes = recordBytes;
    entry.waitingCounted = entry.waiting.size();
  }

  void remove(HeldKey key) {
    HeldEntry entry = entries.remove(key);
    if (entry == null) {
      return;
    }
    rows.left(key.row());
    OfClient of = ofClient.get(entry.owner.client());
    if (of != null) {
      of.entries.remove(entry);
      of.bytes -= entry.recordBytes;
      if (of.entries.isEmpty()) {
        ofClient.remove(entry.owner.client());
      }
    }
    places.set(entry.place, null);
    freePlaces.push(entry.place);
    size = entries.size();
    bytes = bytes - entry.recordBytes;
    waiting = waiting - entry.waitingCounted;
  }

  Collection<HeldEntry> ofClient(InetAddress client) {
    OfClient of = ofClient.get(client);
    return of == null ? Set.of() : of.entries;
  }

  /** Names by which calls of an address came, as far as they are remembered. */
  Set<String> names(InetAddress client) {
    return rows.names(client);
  }

  /** Takes over in which NSM state a client's owners of such a name are. */
  void heard(InetAddress client, Predicate<String> name, int state) {
    rows.heard(client, name, state);
  }

  /** Clients that may hold something. */
  Set<InetAddress> clients() {
    return Set.copyOf(ofClient.keySet());
  }

  /** Owners and files. */
  int size() {
    return size;
  }

  /** Ranges that somebody waits for. */
  int waiting() {
    return waiting;
  }

  /** Bytes of it all, as in the journal. */
  long bytes() {
    return bytes;
  }

  /** Where our calls come from, as far as the origin holds anything by it; null at first. */
  @Nullable InetAddress ownAddress() {
    return address;
  }

  /** The NSM state that the origin told last; 0 if it has told none. */
  int originState() {
    return originState;
  }

  /** The term that all of this is of. */
  TermId ofTerm() {
    return term;
  }

  /** All entries there are now. */
  List<HeldEntry> all() {
    return List.copyOf(entries.values());
  }

  /** Whether all clients have been told of it that can be. */
  boolean isOriginTold() {
    return originTold;
  }

  /**
   * Walks all entries, some at a time; others may change meanwhile. What comes while it walks, it
   * may miss.
   *
   * @param count how many at a time, at most
   */
  Iterator<List<HeldEntry>> pages(int count) {
    return new Iterator<>() {
      private int at;

      @Override
      public boolean hasNext() {
        return at < places.size();
      }

      @Override
      public List<HeldEntry> next() {
        List<HeldEntry> page = new ArrayList<>();
        int end = (int) Math.min(places.size(), (long) at + PLACES_AT_A_TIME);
        while (at < end && page.size() < count) {
          HeldEntry entry = places.get(at++);
          if (entry != null) {
            page.add(entry);
          }
        }
        return page;
      }
    };
  }

  /**
   * Places that are looked at together, most of which may be empty; some tenths of a millisecond.
   */
  private static final int PLACES_AT_A_TIME = 16_384;

  /** Records that are made together: half a millisecond or so. */
  private static final int RECORDS_AT_A_TIME = 512;

  private static final int ROWS_AT_A_TIME = 4_096;

  /** All of it as records, some at a time, rows that nobody uses left out. */
  Iterator<List<byte[]>> everything() {
    Iterator<List<HeldEntry>> pages = pages(RECORDS_AT_A_TIME);
    return new Iterator<>() {
      private boolean hasBegun;
      private int row;

      @Override
      public boolean hasNext() {
        return !hasBegun || row < OwnerRows.ROWS || pages.hasNext();
      }

      @Override
      public List<byte[]> next() {
        if (!hasBegun) {
          hasBegun = true;
          return general();
        }
        if (row < OwnerRows.ROWS) {
          int from = row;
          row += ROWS_AT_A_TIME;
          return rows(from, row);
        }
        return pages.next().stream().map(LockRecords::held).toList();
      }
    };
  }

  private List<byte[]> general() {
    List<byte[]> records = new ArrayList<>();
    if (address != null) {
      records.add(LockRecords.address(address));
    }
    if (originState != 0) {
      records.add(LockRecords.notice(originState, originTold));
    }
    if (!term.equals(TermId.NONE)) {
      records.add(LockRecords.term(term));
    }
    return records;
  }

  private List<byte[]> rows(int from, int to) {
    List<byte[]> records = new ArrayList<>();
    for (int row = from; row < to; row++) {
      LockOwner owner = rows.owner(row);
      if (owner != null && rows.isUsed(row)) {
        records.add(LockRecords.row(row, owner));
      }
    }
    return records;
  }

  @Override
  public void address(InetAddress told) {
    address = told;
  }

  @Override
  public void row(int row, LockOwner owner) {
    rows.put(row, owner);
  }

  @Override
  public void held(HeldEntry entry) {
    int row = entry.key.row();
    if (!entry.owner.equals(rows.owner(row)) && !rows.isUsed(row)) {
      rows.put(row, entry.owner);
    }
    rows.heard(row, entry.state);
    add(entry);
    weigh(entry, LockRecords.held(entry).length);
  }

  @Override
  public void dropped(HeldKey key) {
    remove(key);
  }

  @Override
  public void notice(int state, boolean isTold) {
    originState = state;
    originTold = isTold;
  }

  @Override
  public void term(TermId told) {
    term = told;
  }
}
