package org.nfsproxy.server.judge.model;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.walk.CompoundWalk;
import org.nfsproxy.nfs.walk.Outcome;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.xdr.XdrReader;
import org.nfsproxy.xdr.XdrWriter;

/**
 * Executes COMPOUNDs on a {@link Namespace}, one operation after the other with the current and the
 * saved filehandle, RFC 8881 section 16.2.3, and notes what was done on which filesystem.
 */
// A step (LOOKUP, LOOKUPP, OPEN by name) acts on the directory it begins in; that it arrives
// somewhere is no operation there. So it is with PUTROOTFH and RESTOREFH, which begin nowhere.
// PUTFH acts on what it names. OPEN that creates does not step over what is mounted on the name, as
// in the Linux server.
final class Execution {
  static final int OK = 0;
  static final int NOENT = 2;
  static final int EXIST = 17;
  static final int XDEV = 18;
  static final int NOTDIR = 20;
  static final int ISDIR = 21;
  static final int INVAL = 22;
  static final int NOSPC = 28;
  static final int NOTEMPTY = 66;
  static final int STALE = 70;
  static final int BADHANDLE = 10001;
  static final int NOTSUPP = 10004;
  static final int SAME = 10009;
  static final int NOFILEHANDLE = 10020;
  static final int NOT_SAME = 10027;
  static final int RESTOREFH_NOTHING = 10030;
  static final int ATTRNOTSUPP = 10032;
  static final int OP_ILLEGAL = 10044;
  static final int FILE_OPEN = 10046;

  private static final int OPERATIONS_MAX = 1000;
  private static final int NODES_MAX = 200;
  private static final int NOBODY = 65534;
  private static final int FSID = 8;
  private static final int SHARE_WRITE = 2;

  /** What was executed, in its order. */
  final List<Executed> log = new ArrayList<>();

  private final List<Arrival> arrivals = new ArrayList<>();
  private final Namespace namespace;
  private final Call call = new Call();
  private final CompoundWalk<Nfs4> walk = CompoundWalk.ofCalls();
  private final XdrReader in = new XdrReader();
  private int uid;
  private int gid;
  private Node current;
  private Node saved;
  private boolean isBehindStep;
  private XdrWriter out;

  private Execution(Namespace namespace) {
    this.namespace = namespace;
  }

  /**
   * Where a step led. OPEN by name counts in its directory too, and over what is mounted on the
   * name: it is judged in all of them.
   *
   * @param toWrite whether a file was opened there to be written
   */
  record Arrival(ModelFilesystem filesystem, boolean toWrite) {}

  /** What came of a call. */
  record Done(byte[] reply, List<Executed> log, List<Arrival> arrivals) {}

  static Done execute(Namespace namespace, byte[] record) {
    Execution execution = new Execution(namespace);
    return new Done(
        execution.reply(Unpooled.wrappedBuffer(record)), execution.log, execution.arrivals);
  }

  private byte[] reply(ByteBuf record) {
    if (call.read(record, RecordMarking.MARKER_BYTES, record.writerIndex()) != Call.Form.CALL) {
      throw new AssertionError("no call comes to the origin: " + ByteBufUtil.hexDump(record));
    }
    readCredential(record);
    Outcome outcome = walk.walk(record, call.argumentsAt(), call.end(), OPERATIONS_MAX);
    if (outcome != Outcome.WHOLE && outcome != Outcome.UNKNOWN_OPERATION) {
      throw new AssertionError(outcome + " comes to the origin: " + ByteBufUtil.hexDump(record));
    }
    ByteBuf results = Unpooled.buffer();
    int status = OK;
    int count = 0;
    while (count < walk.count() && status == OK) {
      status = execute(record, count++, results);
    }
    if (status == OK && outcome == Outcome.UNKNOWN_OPERATION) {
      status = OP_ILLEGAL;
      results.writeInt(OP_ILLEGAL).writeInt(status);
      count++;
    }
    byte[] tag = ByteBufUtil.getBytes(record, walk.tagAt(), walk.tagLength());
    int last = status;
    int all = count;
    byte[] body = Wire.xdr(to -> to.int32(last).opaque(tag).int32(all));
    return Wire.reply(call.xid(), Wire.concat(body, ByteBufUtil.getBytes(results)));
  }

  private void readCredential(ByteBuf record) {
    uid = NOBODY;
    gid = NOBODY;
    if (call.flavor() == 1) {
      in.reset(record, call.credentialAt(), call.credentialAt() + call.credentialLength());
      in.skip(4);
      in.skipOpaque(255);
      uid = in.int32();
      gid = in.int32();
    }
  }

  private int execute(ByteBuf record, int i, ByteBuf results) {
    Nfs4 operation = walk.operation(i);
    in.reset(record, walk.at(i) + 4, walk.end(i));
    ByteBuf body = Unpooled.buffer();
    out = new XdrWriter(body);
    int status = run(operation);
    isBehindStep = operation.registers().mayLeaveFilesystem();
    if (isBehindStep && status == OK) {
      arrivals.add(new Arrival(current.filesystem, walk.writes(i)));
    }
    results.writeInt(operation.number()).writeInt(status);
    if (status == OK) {
      results.writeBytes(body);
    } else if (operation == Nfs4.SETATTR) {
      results.writeInt(0);
    }
    return status;
  }

  private void note(Nfs4 operation, Node on, boolean writes) {
    note(operation, on, writes, false);
  }

  private void note(Nfs4 operation, Node on, boolean writes, boolean isVainCheck) {
    log.add(new Executed(operation, on.filesystem, writes, uid, gid, isVainCheck));
  }

  private int run(Nfs4 operation) {
    switch (operation) {
      case SEQUENCE -> {
        return sequence();
      }
      case PUTFH -> {
        return putfh();
      }
      case PUTROOTFH, PUTPUBFH -> {
        current = namespace.root();
        return OK;
      }
      case RESTOREFH -> {
        current = saved == null ? current : saved;
        return saved == null ? RESTOREFH_NOTHING : OK;
      }
      default -> {
        if (current == null) {
          return NOFILEHANDLE;
        }
        return namespace.isThere(current) ? act(operation) : STALE;
      }
    }
  }

  private int sequence() {
    out.fixed(in.fixed(16)).int32(in.int32()).int32(in.int32()).int32(15).int32(15).int32(0);
    return OK;
  }

  private int putfh() {
    Node node = namespace.find(Filehandle.of(in.opaque(128)));
    if (node == null) {
      return BADHANDLE;
    }
    if (!namespace.isThere(node)) {
      return STALE;
    }
    note(Nfs4.PUTFH, node, false);
    current = node;
    return OK;
  }

  private int act(Nfs4 operation) {
    switch (operation) {
      case VERIFY, NVERIFY -> {
        return verify(operation);
      }
      case OPEN -> {
        return open();
      }
      case LINK, RENAME, CLONE -> {
        return onBoth(operation);
      }
      default -> {
        note(operation, current, operation.effect().writes());
        return onCurrent(operation);
      }
    }
  }

  private int onCurrent(Nfs4 operation) {
    return switch (operation) {
      case SAVEFH -> {
        saved = current;
        yield OK;
      }
      case GETFH -> {
        out.opaque(current.handle.bytes());
        yield OK;
      }
      case LOOKUP -> moveTo(namespace::child, name());
      case LOOKUPP -> moveTo((directory, none) -> namespace.above(directory), "..");
      case GETATTR -> getattr();
      case ACCESS -> {
        int asked = in.int32();
        out.int32(asked).int32(asked);
        yield OK;
      }
      case READ -> read();
      case READDIR -> readdir();
      case CREATE -> create();
      case REMOVE -> remove();
      case SETATTR -> {
        namespace.touch(current);
        out.int32(0);
        yield OK;
      }
      case WRITE -> write();
      default -> NOTSUPP;
    };
  }

  private String name() {
    return new String(in.opaque(1024), StandardCharsets.UTF_8);
  }

  private interface Step {
    Node from(Node directory, String name);
  }

  private int moveTo(Step step, String name) {
    if (!current.isDirectory) {
      return NOTDIR;
    }
    if (name.isEmpty()) {
      return INVAL;
    }
    Node next = step.from(current, name);
    current = next == null ? current : next;
    return next == null ? NOENT : OK;
  }

  private int verify(Nfs4 operation) {
    BitSet asked = bitmap();
    boolean isFsid = asked.cardinality() == 1 && asked.get(FSID);
    boolean isSame = false;
    if (isFsid) {
      in.int32();
      isSame =
          in.int64() == current.filesystem.fsidMajor && in.int64() == current.filesystem.fsidMinor;
    }
    boolean isVerify = operation == Nfs4.VERIFY;
    note(operation, current, false, isVerify && isFsid && !isSame && isBehindStep);
    if (!isFsid) {
      return ATTRNOTSUPP;
    }
    return isSame == isVerify ? OK : isVerify ? NOT_SAME : SAME;
  }

  private BitSet bitmap() {
    long[] words = new long[2];
    int count = in.int32();
    for (int i = 0; i < count; i++) {
      words[i / 2] |= (in.int32() & 0xffffffffL) << 32 * (i % 2);
    }
    return BitSet.valueOf(words);
  }

  private int getattr() {
    BitSet asked = bitmap();
    ByteBuf values = Unpooled.buffer();
    XdrWriter to = new XdrWriter(values);
    int given = 0;
    for (int bit : new int[] {1, 3, FSID, 20}) {
      if (asked.get(bit)) {
        given |= 1 << bit;
        switch (bit) {
          case 1 -> to.int32(current.isDirectory ? 2 : 1);
          case 3 -> to.int64(current.change);
          case FSID -> to.int64(current.filesystem.fsidMajor).int64(current.filesystem.fsidMinor);
          default -> to.int64(current.fileid);
        }
      }
    }
    out.int32(1).int32(given).opaque(ByteBufUtil.getBytes(values));
    return OK;
  }

  private int read() {
    if (current.isDirectory) {
      return ISDIR;
    }
    byte[] data = Wire.xdr(to -> to.int64(current.filesystem.fsidMajor).int64(current.fileid));
    out.int32(1).opaque(data);
    return OK;
  }

  private int readdir() {
    if (!current.isDirectory) {
      return NOTDIR;
    }
    out.int64(0);
    long cookie = 2;
    for (String name : current.children.keySet()) {
      out.int32(1).int64(++cookie).string(name).int32(0).int32(0);
    }
    out.int32(0).int32(1);
    return OK;
  }

  private void changed(Node directory) {
    out.int32(1).int64(directory.change - 1).int64(directory.change);
  }

  private int create() {
    int type = in.int32();
    if (type == 3 || type == 4) {
      in.skip(8);
    } else if (type == 5) {
      in.skipOpaque(1024);
    }
    String name = name();
    int status = mayMake(name);
    if (status != OK) {
      return status;
    }
    Node directory = current;
    current = namespace.make(directory.filesystem, type == 2);
    namespace.put(directory, name, current);
    changed(directory);
    out.int32(0);
    return OK;
  }

  private int mayMake(String name) {
    if (!current.isDirectory) {
      return NOTDIR;
    }
    if (name.isEmpty()) {
      return INVAL;
    }
    if (current.children.containsKey(name)) {
      return EXIST;
    }
    return namespace.nodes.size() > NODES_MAX ? NOSPC : OK;
  }

  private int remove() {
    String name = name();
    Node node = current.children.get(name);
    int status = mayTake(current, name);
    if (status != OK || !node.children.isEmpty()) {
      return status == OK ? NOTEMPTY : status;
    }
    namespace.take(current, name);
    changed(current);
    return OK;
  }

  private int mayTake(Node directory, String name) {
    if (!directory.isDirectory) {
      return NOTDIR;
    }
    Node node = directory.children.get(name);
    if (node == null) {
      return name.isEmpty() ? INVAL : NOENT;
    }
    return namespace.mounts.containsKey(node) ? FILE_OPEN : OK;
  }

  private int write() {
    if (current.isDirectory) {
      return ISDIR;
    }
    in.skip(16 + 8 + 4);
    namespace.touch(current);
    out.int32(in.opaque(1 << 20).length).int32(2).int64(7);
    return OK;
  }

  // RENAME: saved is the directory of the first name. LINK: saved is the file. CLONE: saved is
  // read.
  private int onBoth(Nfs4 operation) {
    note(operation, current, true);
    if (saved == null) {
      return NOFILEHANDLE;
    }
    if (!namespace.isThere(saved)) {
      return STALE;
    }
    note(operation, saved, operation != Nfs4.CLONE);
    if (saved.filesystem != current.filesystem) {
      return XDEV;
    }
    return switch (operation) {
      case RENAME -> rename();
      case LINK -> link();
      default -> {
        boolean areFiles = !saved.isDirectory && !current.isDirectory;
        if (areFiles) {
          namespace.touch(current);
        }
        yield areFiles ? OK : ISDIR;
      }
    };
  }

  private int rename() {
    String from = name();
    String to = name();
    int status = mayTake(saved, from);
    status = status == OK ? mayMake(to) : status;
    Node node = saved.children.get(from);
    if (status != OK || current.isBelow(node)) {
      return status == OK ? INVAL : status;
    }
    namespace.take(saved, from);
    namespace.put(current, to, node);
    changed(saved);
    changed(current);
    return OK;
  }

  private int link() {
    String name = name();
    int status = saved.isDirectory ? ISDIR : mayMake(name);
    if (status != OK) {
      return status;
    }
    namespace.put(current, name, saved);
    changed(current);
    return OK;
  }

  private int open() {
    in.skip(4);
    boolean wantsWrite = (in.int32() & SHARE_WRITE) != 0;
    in.skip(4 + 8);
    in.skipOpaque(1024);
    boolean creates = in.int32() == 1;
    int how = creates ? in.int32() : 0;
    if (creates && how < 2) {
      bitmap();
      in.skipOpaque(1024);
    } else if (creates) {
      in.skip(8);
    }
    Node directory = current;
    int status =
        in.int32() == 0
            ? openName(name(), creates, how, wantsWrite)
            : openCurrent(creates || wantsWrite);
    if (status == OK) {
      out.fixed(new byte[16]);
      changed(directory);
      out.int32(0).int32(0).int32(0);
    }
    return status;
  }

  private int openCurrent(boolean wantsWrite) {
    note(Nfs4.OPEN, current, wantsWrite);
    return current.isDirectory ? ISDIR : OK;
  }

  private int openName(String name, boolean creates, int how, boolean wantsWrite) {
    Node directory = current;
    Node there = directory.children.get(name);
    Node node = creates ? there : namespace.over(there);
    boolean staysHere = node == null || node.filesystem == directory.filesystem;
    note(Nfs4.OPEN, directory, creates || wantsWrite && staysHere && !name.isEmpty());
    arrivals.add(new Arrival(directory.filesystem, creates || wantsWrite));
    if (namespace.over(there) != there) {
      arrivals.add(new Arrival(namespace.over(there).filesystem, creates || wantsWrite));
    }
    if (!directory.isDirectory) {
      return NOTDIR;
    }
    if (node == null && creates) {
      int status = mayMake(name);
      if (status != OK) {
        return status;
      }
      node = namespace.make(directory.filesystem, false);
      namespace.put(directory, name, node);
    } else if (node == null) {
      return name.isEmpty() ? INVAL : NOENT;
    } else if (creates && how == 1) {
      return EXIST;
    }
    if (node.isDirectory) {
      return ISDIR;
    }
    current = node;
    return OK;
  }

  /** The paths at which something is mounted, for whoever looks at a failure. */
  static String mounts(Namespace namespace) {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<Node, Node> mount : namespace.mounts.entrySet()) {
      text.append(mount.getKey()).append(" <- ").append(mount.getValue()).append(' ');
    }
    return text.toString();
  }
}
