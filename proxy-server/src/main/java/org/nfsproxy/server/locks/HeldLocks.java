package org.nfsproxy.server.locks;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What all clients may hold, with the rows of their owners. Used by one thread. */
final class HeldLocks implements LockRecords.Listener {
  private final OwnerRows rows;
  private final int max;
  private final int perClientMax;
  private final Map<HeldKey, HeldEntry> entries = new HashMap<>();
  private final Map<InetAddress, Set<HeldEntry>> ofClient = new HashMap<>();
  private @Nullable InetAddress address;

  HeldLocks(OwnerRows rows, int max, int perClientMax) {
    this.rows = rows;
    this.max = max;
    this.perClientMax = perClientMax;
  }

  @Nullable HeldEntry find(HeldKey key) {
    return entries.get(key);
  }

  /** Whether a client may hold something more. */
  boolean hasRoom(InetAddress client) {
    return entries.size() < max && ofClient(client).size() < perClientMax;
  }

  void add(HeldEntry entry) {
    remove(entry.key);
    entries.put(entry.key, entry);
    ofClient.computeIfAbsent(entry.owner.client(), client -> new LinkedHashSet<>()).add(entry);
    rows.used(entry.key.row());
  }

  void remove(HeldKey key) {
    HeldEntry entry = entries.remove(key);
    if (entry == null) {
      return;
    }
    rows.left(key.row());
    Set<HeldEntry> of = ofClient.get(entry.owner.client());
    if (of != null) {
      of.remove(entry);
      if (of.isEmpty()) {
        ofClient.remove(entry.owner.client());
      }
    }
  }

  Collection<HeldEntry> ofClient(InetAddress client) {
    return ofClient.getOrDefault(client, Set.of());
  }

  /** Names by which calls of an address came, as far as they are remembered. */
  Set<String> names(InetAddress client) {
    return rows.names(client);
  }

  /** Clients that may hold something. */
  Set<InetAddress> clients() {
    return Set.copyOf(ofClient.keySet());
  }

  Collection<HeldEntry> all() {
    return entries.values();
  }

  int size() {
    return entries.size();
  }

  /** Where our calls come from, as far as the origin holds anything by it; null at first. */
  @Nullable InetAddress ownAddress() {
    return address;
  }

  /** All of it as records, rows that nobody uses left out. */
  List<byte[]> everything() {
    List<byte[]> records = new ArrayList<>();
    if (address != null) {
      records.add(LockRecords.address(address));
    }
    for (int row = 0; row < OwnerRows.ROWS; row++) {
      LockOwner owner = rows.owner(row);
      if (owner != null && rows.isUsed(row)) {
        records.add(LockRecords.row(row, owner));
      }
    }
    entries.values().forEach(entry -> records.add(LockRecords.held(entry)));
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
    add(entry);
  }

  @Override
  public void dropped(HeldKey key) {
    remove(key);
  }
}
