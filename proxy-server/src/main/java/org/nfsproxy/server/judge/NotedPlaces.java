package org.nfsproxy.server.judge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.nfs.table.Nfs4;
import org.nfsproxy.nfs.table.Registers;
import org.nfsproxy.nfs.walk.CompoundWalk;
import org.nfsproxy.server.call.NotedObject;

/**
 * Where a COMPOUND's registers point to, as its client names it: a filehandle, and steps from
 * there.
 */
final class NotedPlaces {
  /** Of a longer name the beginning is kept. Names have 255 bytes, paths of MOUNT 1,024. */
  static final int NAME_BYTES_MAX = 1024;

  /** Of more names, and of longer ones together, the last are kept. */
  static final int NAMES_MAX = 32;

  static final int PATH_BYTES_MAX = 4096;

  private static final byte[] UP = {'.', '.'};

  private Place current = Place.root();
  private Place saved = Place.root();

  /** One place. */
  static final class Place {
    private byte @Nullable [] handle;
    private boolean isCut;
    private final List<byte[]> names;
    private int bytes;

    private Place(byte @Nullable [] handle, List<byte[]> names, int bytes, boolean isCut) {
      this.handle = handle;
      this.names = names;
      this.bytes = bytes;
      this.isCut = isCut;
    }

    static Place root() {
      return new Place(null, new ArrayList<>(1), 0, false);
    }

    static Place at(ByteBuf record, int at, int length) {
      return new Place(ByteBufUtil.getBytes(record, at, length), new ArrayList<>(1), 0, false);
    }

    Place copy() {
      return new Place(handle, new ArrayList<>(names), bytes, isCut);
    }

    void step(ByteBuf record, int at, int length) {
      isCut |= length > NAME_BYTES_MAX;
      step(ByteBufUtil.getBytes(record, at, Math.min(length, NAME_BYTES_MAX)));
    }

    void step(byte[] name) {
      names.add(name);
      bytes += name.length;
      while (names.size() > NAMES_MAX || bytes > PATH_BYTES_MAX) {
        bytes -= names.remove(0).length;
        handle = null;
        isCut = true;
      }
    }
  }

  static List<NotedObject> objects(List<Place> places) {
    return places.stream()
        .map(place -> new NotedObject(place.handle, List.copyOf(place.names), place.isCut))
        .toList();
  }

  /** What an operation acts on, before it moves anything. */
  List<Place> actedOn(CompoundWalk<Nfs4> walk, int i, ByteBuf record) {
    List<Place> acted = new ArrayList<>(2);
    switch (walk.operation(i).registers()) {
      case NONE -> {}
      case TO_ARGUMENT -> acted.add(Place.at(record, walk.handleAt(i), walk.handleLength(i)));
      case TO_ROOT, TO_PUBLIC -> acted.add(Place.root());
      case RESTORED -> acted.add(saved.copy());
      case BOTH, FROM_SAVED -> {
        acted.add(saved.copy());
        acted.add(current.copy());
      }
      case CURRENT,
          MAYBE_CURRENT,
          SAVED,
          TO_CHILD,
          TO_OPENED,
          TO_CREATED,
          TO_ATTRIBUTES,
          TO_PARENT ->
          acted.add(current.copy());
    }
    return acted;
  }

  void move(CompoundWalk<Nfs4> walk, int i, ByteBuf record) {
    Registers registers = walk.operation(i).registers();
    switch (registers) {
      case NONE, CURRENT, MAYBE_CURRENT, BOTH, FROM_SAVED, TO_ATTRIBUTES -> {}
      case TO_ARGUMENT -> current = Place.at(record, walk.handleAt(i), walk.handleLength(i));
      case TO_ROOT, TO_PUBLIC -> current = Place.root();
      case SAVED -> saved = current.copy();
      case RESTORED -> current = saved.copy();
      case TO_PARENT -> current.step(UP);
      case TO_CHILD, TO_OPENED, TO_CREATED -> {
        if (walk.nameAt(i) >= 0) {
          current.step(record, walk.nameAt(i), walk.nameLength(i));
        }
      }
    }
  }
}
