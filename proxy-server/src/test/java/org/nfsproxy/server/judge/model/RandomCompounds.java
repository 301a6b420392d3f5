package org.nfsproxy.server.judge.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.nfsproxy.nfs.Filehandle;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.server.fakes.Wire;
import org.nfsproxy.xdr.XdrWriter;

/** COMPOUNDs at random, most of which lead somewhere as the namespace is now. */
// It follows the registers as it writes, so that most names are there. What the COMPOUND itself
// changes is not followed.
final class RandomCompounds {
  private static final int OPERATIONS_MAX = 20;

  /** No table has it. */
  static final int UNKNOWN = 9999;

  private final Random random;
  private final RandomNamespace names;
  private final Namespace namespace;
  private final List<Filehandle> lost = new ArrayList<>();

  private Consumer<XdrWriter> written;
  private List<Integer> numbers;
  private int minor;
  private Node current;
  private Node saved;

  RandomCompounds(Random random, RandomNamespace names) {
    this.random = random;
    this.names = names;
    this.namespace = names.namespace;
  }

  /**
   * A COMPOUND.
   *
   * @param minor its minor version
   * @param numbers of its operations
   * @param arguments what stands behind the header
   */
  record Written(int minor, List<Integer> numbers, Consumer<XdrWriter> arguments) {
    /** How many of its operations lead along the namespace. */
    int steps() {
      int steps = 0;
      for (int number : numbers) {
        boolean isKnown = number != UNKNOWN;
        steps += isKnown && row(number).registers().mayLeaveFilesystem() ? 1 : 0;
      }
      return steps;
    }

    private static Nfs4 row(int number) {
      return Nfs4.OPERATIONS.find(number, 2);
    }
  }

  /** Says that a handle was good once. */
  void lose(Filehandle handle) {
    lost.add(handle);
  }

  Written write() {
    written = out -> {};
    numbers = new ArrayList<>();
    minor = random.nextInt(3);
    current = null;
    saved = null;
    if (minor > 0 && random.nextInt(3) > 0) {
      add(53, out -> out.fixed(new byte[16]).int32(9).int32(0).int32(0).int32(0));
    }
    int count = 1 + random.nextInt(random.nextBoolean() ? 8 : OPERATIONS_MAX);
    while (numbers.size() < count) {
      if (current == null && random.nextInt(20) > 0) {
        begin();
      } else {
        operation();
      }
    }
    List<Integer> all = List.copyOf(numbers);
    int version = minor;
    Consumer<XdrWriter> operations = written;
    return new Written(
        minor,
        all,
        out -> {
          out.int32(0).int32(version).int32(all.size());
          operations.accept(out);
        });
  }

  private void add(int number, Consumer<XdrWriter> arguments) {
    written = written.andThen(out -> out.int32(number)).andThen(arguments);
    numbers.add(number);
  }

  private void begin() {
    switch (random.nextInt(8)) {
      case 0 -> putRoot(24);
      case 1 -> putRoot(random.nextInt(4) == 0 ? 23 : 24);
      default -> putHandle();
    }
  }

  private void putRoot(int number) {
    add(number, out -> {});
    current = namespace.root();
  }

  private void putHandle() {
    if (random.nextInt(40) == 0) {
      byte[] madeUp = new byte[16];
      random.nextBytes(madeUp);
      add(22, out -> out.opaque(madeUp));
    } else if (!lost.isEmpty() && random.nextInt(15) == 0) {
      byte[] old = names.pick(lost).bytes();
      add(22, out -> out.opaque(old));
    } else {
      ModelFilesystem of = names.pick(namespace.filesystems);
      List<Node> all =
          namespace.nodes.values().stream()
              .filter(node -> node.filesystem == of && (node.isRoot() || node.parent != null))
              .filter(node -> node.isDirectory || random.nextInt(4) == 0)
              .toList();
      Node node = all.isEmpty() ? namespace.root() : names.pick(all);
      current = node;
      lose(node.handle);
      add(22, out -> out.opaque(node.handle.bytes()));
    }
  }

  private void save() {
    add(32, out -> {});
    saved = current;
  }

  private void operation() {
    if (saved == null && current != null && random.nextInt(5) == 0) {
      save();
    }
    switch (random.nextInt(40)) {
      case 0, 1, 2, 3, 4, 5, 6, 7 -> lookup();
      case 8, 9 -> lookupp();
      case 10, 11 -> save();
      case 12, 13, 14 -> restore();
      case 15 -> add(10, out -> {});
      case 16, 17 -> getattr();
      case 18, 19 -> add(3, out -> out.int32(0x1f));
      case 20 -> add(25, out -> out.fixed(new byte[16]).int64(0).int32(100));
      case 21 -> add(26, out -> out.int64(0).int64(0).int32(512).int32(4096).int32(0));
      case 22, 23, 24 -> open();
      case 25, 26 -> create();
      case 27 -> add(28, name(someName()));
      case 28, 29 ->
          withSaved(29, name(someName()).andThen(name(names.pick(RandomNamespace.DIRECTORIES))));
      case 30 -> withSaved(11, name(names.pick(RandomNamespace.FILES)));
      case 31 -> add(34, out -> out.fixed(new byte[16]).int32(0).int32(0));
      case 32 -> add(38, out -> out.fixed(new byte[16]).int64(0).int32(2).opaque(new byte[5]));
      case 33 -> verify();
      case 34 -> clone2();
      case 35 -> rare();
      default -> begin();
    }
  }

  private void restore() {
    if (saved != null || random.nextInt(10) == 0) {
      add(31, out -> {});
      current = saved == null ? current : saved;
    }
  }

  private void rare() {
    if (random.nextInt(3) == 0) {
      add(UNKNOWN, out -> {});
    } else {
      add(19, out -> out.int32(0));
    }
  }

  private void withSaved(int number, Consumer<XdrWriter> arguments) {
    if (saved != null || random.nextInt(10) == 0) {
      add(number, arguments);
    }
  }

  private static Consumer<XdrWriter> name(String name) {
    return out -> out.string(name);
  }

  /** A name, most often one that is there. */
  private String someName() {
    if (current != null && !current.children.isEmpty() && random.nextInt(12) > 0) {
      return names.pick(new ArrayList<>(current.children.keySet()));
    }
    return names.pick(random.nextInt(5) == 0 ? RandomNamespace.FILES : RandomNamespace.DIRECTORIES);
  }

  private void lookup() {
    String name = someName();
    add(15, name(name));
    Node next = current == null ? null : namespace.child(current, name);
    current = next == null ? current : next;
  }

  private void lookupp() {
    add(16, out -> {});
    Node next = current == null || !current.isDirectory ? null : namespace.above(current);
    current = next == null ? current : next;
  }

  private void getattr() {
    int asked = random.nextBoolean() ? 0x102 : 0x10a;
    add(9, out -> out.int32(1).int32(asked));
  }

  private void open() {
    boolean creates = random.nextInt(3) == 0;
    boolean isByHandle = minor > 0 && random.nextInt(4) == 0;
    int access = 1 + random.nextInt(3);
    String name = random.nextBoolean() ? names.pick(RandomNamespace.FILES) : someName();
    int how = random.nextInt(2);
    add(
        18,
        out -> {
          out.int32(1).int32(access).int32(0).int64(5).string("owner").int32(creates ? 1 : 0);
          if (creates) {
            out.int32(how).int32(0).int32(0);
          }
          out.int32(isByHandle ? 4 : 0);
          if (!isByHandle) {
            out.string(name);
          }
        });
    Node next = isByHandle || current == null ? null : namespace.child(current, name);
    current = next == null ? current : next;
  }

  private void create() {
    boolean isDirectory = random.nextInt(3) > 0;
    String name = names.pick(isDirectory ? RandomNamespace.DIRECTORIES : RandomNamespace.FILES);
    add(6, out -> out.int32(isDirectory ? 2 : 7).string(name).int32(0).int32(0));
  }

  private void verify() {
    ModelFilesystem of =
        current != null && random.nextBoolean()
            ? current.filesystem
            : names.pick(namespace.filesystems);
    byte[] fsid = Wire.xdr(out -> out.int64(of.fsidMajor).int64(of.fsidMinor));
    add(random.nextBoolean() ? 37 : 17, out -> out.int32(1).int32(0x100).opaque(fsid));
  }

  private void clone2() {
    if (minor == 2) {
      withSaved(71, out -> out.fixed(new byte[32]).int64(0).int64(0).int64(0));
    }
  }
}
