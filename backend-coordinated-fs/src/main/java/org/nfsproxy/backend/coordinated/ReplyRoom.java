package org.nfsproxy.backend.coordinated;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.nfsproxy.backend.coordinated.engine.Room;

/**
 * The bound on the memory of replies that are being made or wait for their clients. Thread-safe.
 */
// Room is taken before a call is executed and given back when the reply's memory is. Who finds none
// waits in a queue, and what is given back goes to the first in it who can use it: it is set aside,
// so that nobody who comes later gets it.
//
// Three bounds beside that of all. One connection has a few replies at a time, enough to keep a
// line busy. From a quarter on, a connection gets no second reply while it has one: so few
// connections that read nothing cannot take all. One client (address) leaves an eighth to the
// others. And where others wait, the holders are told: those that have not taken a byte for some
// seconds are closed.
final class ReplyRoom {
  /** What is asked of whoever has a share. Called on any thread. */
  interface Holder {
    /** There may be room now. */
    void roomCame();

    /** Others wait for room. */
    void othersWait();
  }

  private static final class Client {
    private long used;
    private int shares;
  }

  private final long max;
  private final long connectionMax;
  private final long clientMax;
  private final long secondsMax;
  private final Map<Object, Client> clients = new HashMap<>();
  private final Set<Share> shares = new HashSet<>();
  private final ArrayDeque<Share> queue = new ArrayDeque<>();
  private long used;

  /**
   * Nothing is taken yet.
   *
   * @param max bytes for all
   * @param connectionMax bytes for one connection, but always one reply
   */
  ReplyRoom(long max, long connectionMax) {
    this.max = max;
    this.connectionMax = connectionMax;
    this.clientMax = max - max / 8;
    this.secondsMax = max / 4;
  }

  /**
   * A connection's part.
   *
   * @param client whose connection it is: what all connections of one client take is bounded
   * @param holder the connection
   * @return nothing taken yet
   */
  synchronized Share open(Object client, Holder holder) {
    Share share = new Share(clients.computeIfAbsent(client, first -> new Client()), client, holder);
    share.client.shares++;
    shares.add(share);
    return share;
  }

  /**
   * What is taken.
   *
   * @return bytes
   */
  synchronized long used() {
    return used;
  }

  /**
   * How much there is.
   *
   * @return bytes
   */
  long max() {
    return max;
  }

  /**
   * Connections that wait.
   *
   * @return how many
   */
  synchronized int waiting() {
    return queue.size();
  }

  /** Tells those who hold room that others wait for it, if so. */
  void look() {
    List<Share> holders = new ArrayList<>();
    synchronized (this) {
      if (!queue.isEmpty()) {
        shares.stream().filter(share -> share.held > 0).forEach(holders::add);
      }
    }
    holders.forEach(share -> share.holder.othersWait());
  }

  private boolean fits(Share share, long bytes) {
    return used + bytes <= max && share.client.used + bytes <= clientMax || used == 0;
  }

  private void add(Share share, long bytes) {
    used += bytes;
    share.held += bytes;
    share.client.used += bytes;
  }

  /** Sets room aside for those in the queue who can use it, and gives whom to tell. */
  private List<Share> grant() {
    List<Share> granted = new ArrayList<>(0);
    for (Iterator<Share> each = queue.iterator(); each.hasNext(); ) {
      Share share = each.next();
      if (fits(share, share.wanted)) {
        each.remove();
        share.queued = false;
        add(share, share.wanted);
        share.aside = share.wanted;
        share.wanted = 0;
        granted.add(share);
      } else if (used + share.wanted > max) {
        break; // it waits for all of the room, and nobody behind it may take that away
      }
    }
    return granted;
  }

  /** The part of one connection. */
  final class Share implements Room {
    private final Client client;
    private final Object key;
    private final Holder holder;
    private long held;

    /** What it waits for: in the queue, or for a reply of its own to go. */
    private int wanted;

    /** Set aside for it, and counted as held, until it takes it. */
    private int aside;

    private boolean queued;
    private boolean closed;

    private Share(Client client, Object key, Holder holder) {
      this.client = client;
      this.key = key;
      this.holder = holder;
    }

    @Override
    public boolean take(int bytes) {
      boolean taken;
      List<Share> told;
      synchronized (ReplyRoom.this) {
        if (closed) {
          return false;
        }
        int left = aside;
        aside = 0;
        add(this, -left);
        taken = left >= bytes;
        if (taken) {
          add(this, bytes);
        } else if (mayHave(bytes)) {
          ask(bytes);
        } else {
          wanted = Math.max(wanted, bytes);
        }
        told = grant();
        if (told.remove(this)) {
          taken = true;
          add(this, bytes - aside);
          aside = 0;
        }
      }
      told.forEach(share -> share.holder.roomCame());
      return taken;
    }

    private boolean mayHave(int bytes) {
      return held == 0 || held + bytes <= connectionMax && used + bytes <= secondsMax;
    }

    private void ask(int bytes) {
      wanted = Math.max(wanted, bytes);
      if (!queued) {
        queued = true;
        queue.add(this);
      }
    }

    @Override
    public void giveBack(int bytes) {
      List<Share> told;
      synchronized (ReplyRoom.this) {
        add(this, -bytes);
        told = grant();
        if (wanted > 0 && !queued) {
          wanted = 0;
          told.add(this);
        }
        forgetIfIdle();
      }
      told.forEach(share -> share.holder.roomCame());
    }

    private void forgetIfIdle() {
      if (client.shares == 0 && client.used == 0) {
        clients.remove(key, client);
      }
    }

    /**
     * Whether it waits to be told.
     *
     * @return true between a {@link #take} that found nothing and the word that there may be room
     */
    boolean isWaiting() {
      synchronized (ReplyRoom.this) {
        return wanted > 0;
      }
    }

    /** What is set aside and not needed goes to others. */
    void leaveAside() {
      int left;
      synchronized (ReplyRoom.this) {
        left = aside;
        aside = 0;
      }
      if (left > 0) {
        giveBack(left);
      }
    }

    /** Takes no more. What is taken is still to be given back. */
    void close() {
      List<Share> told;
      synchronized (ReplyRoom.this) {
        closed = true;
        queue.remove(this);
        wanted = 0;
        add(this, -aside);
        aside = 0;
        shares.remove(this);
        client.shares--;
        forgetIfIdle();
        told = grant();
      }
      told.forEach(share -> share.holder.roomCame());
    }
  }
}
