package org.nfsproxy.server.configuration;

import static org.nfsproxy.configuration.Key.bool;
import static org.nfsproxy.configuration.Key.int32;
import static org.nfsproxy.configuration.Key.int64;
import static org.nfsproxy.configuration.Key.text;

import java.util.List;
import org.nfsproxy.configuration.Hosts;
import org.nfsproxy.configuration.Key;
import org.nfsproxy.configuration.TextForm;

/** The keys of {@code locks}. */
final class LocksKeys {
  static final Key<Boolean> ENABLED =
      bool(
          "locks.enabled",
          false,
          "Whether clients of NFSv3 may lock, by NLM. Otherwise locks are refused. It needs"
              + " `locks.stateDirectory`, and the portmapper; docs/guide/locks.md says what else.",
          "It is the one thing that needs a folder to write to, and ports that others must reach.");

  static final Key<String> STATE_DIRECTORY =
      text(
          "locks.stateDirectory",
          "",
          TextForm.ABSOLUTE_PATH.orEmpty(),
          "A folder on a disk of this machine, where it is kept who may hold a lock. One process"
              + " alone uses it. It is made if it is missing.",
          "Only the administrator knows of a disk that outlives the process.");

  static final Key<String> ADDRESS =
      text(
          "locks.address",
          "",
          Hosts.ADDRESS.orEmpty(),
          "The address of this machine from which locks are made at the origin. The origin tells"
              + " owners by it, so it must not change while anything is locked, and nothing else may"
              + " lock at the origin from it. Empty is where the first connection leaves from. With"
              + " `cluster.enabled` it is needed, and is one that moves: whichever instance has it serves"
              + " the locks of all.",
          "A machine with one way to the origin has one such address.");

  static final Key<Integer> FORWARD_PORT =
      int32(
          "locks.forwardPort",
          4046,
          1,
          65535,
          "The port at `locks.address` where the instance that has it takes what the others forward, TCP."
              + " With `cluster.enabled` only; the same at all instances.",
          "Beside NLM's.");

  static final Key<String> SECRET_FILE =
      text(
          "locks.secretFile",
          "",
          TextForm.ABSOLUTE_PATH.orEmpty(),
          "A file with a secret that all instances have in common, of 32 to 512 letters and digits"
              + " (`openssl rand -hex 32`). Who does not know it can forward nothing, and what it writes"
              + " where instances share locks is not believed. Needed with `cluster.enabled`.",
          "A secret that was known to others would be none.");

  static final Key<String> CALLBACK_FROM =
      text(
          "locks.callbackFrom",
          "",
          Hosts.ADDRESS.orEmpty(),
          "The address of this machine from which clients are told that a lock is theirs, and that the"
              + " origin has restarted: the one that they mounted. Empty is the one that the client"
              + " reached.",
          "A Linux client takes such a word from no other.");

  static final Key<Integer> PORT =
      int32(
          "locks.port",
          4045,
          0,
          65535,
          "The port of NLM, TCP and UDP, at `listen.host`. 0 is any free port.",
          "Where Solaris has it, and firewalls know it.");

  static final Key<Integer> NSM_PORT =
      int32(
          "locks.nsmPort",
          662,
          0,
          65535,
          "The port of NSM, TCP and UDP, at `listen.host`. 0 is any free port.",
          "The one that nfs-utils proposes for rpc.statd.");

  static final Key<Integer> OWNERS_PER_CLIENT_MAX =
      int32(
          "locks.ownersPerClientMax",
          256,
          1,
          65536,
          "Names and blocks of 65,536 processes of one client address that hold locks at a time, of"
              + " 65,536 of all clients.",
          "A Linux client needs one; some hundred clients behind one address have each their own.");

  static final Key<Integer> HELD_MAX =
      int32(
          "locks.heldMax",
          262_144,
          1,
          4_194_304,
          "Files that are locked, or waited for, each owner counted for itself. Beyond it, locks are"
              + " refused.",
          "Some 200 MB of memory, and 100 MB of disk, were it reached.");

  static final Key<Integer> HELD_PER_CLIENT_MAX =
      int32(
          "locks.heldPerClientMax",
          65_536,
          1,
          4_194_304,
          "The same of one client address.",
          "More files than a Linux process may have open, of which a client has many.");

  static final Key<Long> HELD_BYTES_MAX =
      int64(
          "locks.heldBytesMax",
          128L << 20,
          1L << 20,
          1L << 36,
          "Bytes of all that, as in the journal; of one client address a quarter. Beyond it, locks are"
              + " refused.",
          "`locks.heldMax` of usual ones, of 200 bytes, are 50 MB; one may have 4 kB.");

  static final Key<Integer> CALLS_PER_CLIENT_MAX =
      int32(
          "locks.callsPerClientMax",
          256,
          1,
          65_536,
          "Calls for locks of one client address that have no reply yet; a further one gets none, and"
              + " the client repeats it. Those by datagrams, which may be forged, are counted for"
              + " themselves.",
          "Four times what a Linux client has under way at once over TCP.");

  static final Key<Long> CALL_BYTES_MAX =
      int64(
          "locks.callBytesMax",
          32L << 20,
          1L << 20,
          1L << 32,
          "Memory of all calls for locks that have no reply yet; of those by datagrams half. Unlocks"
              + " have as much for themselves. A further call gets no reply, and the client repeats it.",
          "30,000 usual calls, or 2,000 of the longest.");

  static final Key<Long> REPEATS_BYTES_MAX =
      int64(
          "locks.repeatsBytesMax",
          32L << 20,
          1L << 20,
          1L << 32,
          "Memory of answers that are kept for two minutes, for calls that are repeated; of one client"
              + " address an eighth. Beyond it the oldest are given up.",
          "100,000 answers, and 13,000 of one client: 100 a second.");

  static final Key<Long> UNWRITTEN_BYTES_MAX =
      int64(
          "locks.unwrittenBytesMax",
          8L << 20,
          64L << 10,
          1L << 30,
          "Records of the journal that wait while its disk takes nothing. Beyond it clients are told to"
              + " ask for locks again in some seconds (LCK_DENIED_GRACE_PERIOD); unlocks go on, and the"
              + " file is written anew when the disk is back.",
          "A second of a disk with 30,000 locks in it.");

  static final Key<Integer> CALLBACKS_MAX =
      int32(
          "locks.callbacksMax",
          256,
          2,
          65_536,
          "Calls to clients' lock managers at a time: a lock is theirs, the origin has restarted. Of"
              + " what `locks.strangersMax` leaves of them, half may be to addresses that have"
              + " connected and never answered.",
          "A quarter of the descriptors that Linux gives a process that asks for none.");

  static final Key<Integer> STRANGERS_MAX =
      int32(
          "locks.strangersMax",
          32,
          1,
          65_536,
          "Of these, to addresses of which nobody knows that there is a client: that have not connected,"
              + " and have not answered the last call. The results of what came by datagrams are among"
              + " them, whoever is called.",
          "A datagram can name any address, and a call to nobody takes seconds.");

  static final Key<Integer> STRANGERS_PER_SECOND_MAX =
      int32(
          "locks.strangersPerSecondMax",
          64,
          1,
          1_000_000,
          "Such calls in a second, all together.",
          "A client that locks by messages in datagrams, as macOS does, needs one for each lock; nobody"
              + " is flooded by way of the proxy.");

  static final List<Key<?>> ALL =
      List.of(
          ENABLED,
          STATE_DIRECTORY,
          ADDRESS,
          CALLBACK_FROM,
          FORWARD_PORT,
          SECRET_FILE,
          PORT,
          NSM_PORT,
          OWNERS_PER_CLIENT_MAX,
          HELD_MAX,
          HELD_PER_CLIENT_MAX,
          HELD_BYTES_MAX,
          CALLS_PER_CLIENT_MAX,
          CALL_BYTES_MAX,
          REPEATS_BYTES_MAX,
          UNWRITTEN_BYTES_MAX,
          CALLBACKS_MAX,
          STRANGERS_MAX,
          STRANGERS_PER_SECOND_MAX);

  private LocksKeys() {}
}
