package org.nfsproxy.nfs.table;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.xdr.XdrException;
import org.nfsproxy.xdr.XdrReader;

/**
 * What an operation's arguments or results look like on the wire, as data: enough to know where
 * they end and where the filehandles, names and other {@linkplain Part parts} in them sit. {@link
 * #toString} writes it down in a small notation (see {@code docs/reference/operations.md}).
 *
 * <p>Layouts are made once, when the tables are loaded, and never change.
 */
// A tree of a few kinds of node, walked by recursion. It is as deep as the RFC's structures are
// nested, whatever the bytes say, and a walk allocates nothing unless it fails.
//
// Two rules keep a walk short. Neighbouring items of fixed length are joined into one when a
// structure is made, so READ's arguments are one step. And an array's element takes at least one
// byte, as does a list's, so that nothing makes more steps than its record has bytes.
//
// Strict where a lenient reading would make us see other operations than the origin does: a
// discriminant without an arm, a boolean discriminant other than 0 and 1 and a length beyond its
// bound are all garbage. Lenient where the length does not depend on it: a lone boolean or an enum
// may have any value, the origin will say what it thinks of it.
public abstract sealed class Layout {
  /** A length that is bounded by its record only, as the RFC has it. */
  static final int UNBOUNDED = Integer.MAX_VALUE;

  /** Nothing at all. */
  static final Layout VOID = new Fixed(0);

  /** Four bytes. */
  static final Layout WORD = new Fixed(4);

  /** Eight bytes. */
  static final Layout HYPER = new Fixed(8);

  /** Whatever is left of the record. */
  public static final Layout REST = new Rest();

  private static final Layout WRITES = new Writes();

  private Layout() {}

  /**
   * Moves a reader behind the bytes of this layout.
   *
   * @param in the reader, at the first byte
   * @param visitor told what is met
   * @throws XdrException if the bytes are not of this layout
   */
  public abstract void pass(XdrReader in, LayoutVisitor visitor);

  /**
   * Whether all that look like this are equally long.
   *
   * @return true for words, and what is made of words alone
   */
  public final boolean isFixed() {
    return this instanceof Fixed;
  }

  /**
   * The fewest bytes this layout takes.
   *
   * @return bytes
   */
  abstract int bytesMin();

  /**
   * The most filehandles it may hold.
   *
   * @return how many
   */
  abstract int handlesMax();

  /**
   * Adds the parts that it may hold.
   *
   * @param parts added to
   */
  void partsInto(Set<Part> parts) {}

  /**
   * The parts that it may hold.
   *
   * @return those that a walk would tell of
   */
  Set<Part> parts() {
    Set<Part> parts = EnumSet.noneOf(Part.class);
    partsInto(parts);
    return Collections.unmodifiableSet(parts);
  }

  static Layout fixed(int bytes) {
    return new Fixed(bytes);
  }

  static Layout opaque(int lengthMax) {
    return new Opaque(lengthMax, Meaning.OPAQUE, null);
  }

  /** Opaque data a walk tells of: its bytes, without length and padding. */
  static Layout opaque(int lengthMax, Part part) {
    return new Opaque(lengthMax, Meaning.OPAQUE, part);
  }

  static Layout handle(int lengthMax) {
    return new Opaque(lengthMax, Meaning.HANDLE, null);
  }

  static Layout fixedHandle(int length) {
    return new FixedHandle(length);
  }

  static Layout name(int lengthMax) {
    return new Opaque(lengthMax, Meaning.NAME, null);
  }

  /** Items a walk tells of, from their first byte to their last. */
  static Layout part(Part part, Layout... items) {
    return new Marked(part, struct(items));
  }

  /** A word that says that the operation writes, if it has one of these bits. */
  static Layout writesIf(int mask) {
    return new WritesIf(mask);
  }

  /** No bytes; says that the operation writes. */
  static Layout writesAlways() {
    return WRITES;
  }

  /** Items one after the other. */
  static Layout struct(Layout... items) {
    List<Layout> joined = new ArrayList<>();
    for (Layout item : items) {
      joinTo(joined, item);
    }
    if (joined.isEmpty()) {
      return VOID;
    }
    return joined.size() == 1 ? joined.get(0) : new Struct(joined.toArray(new Layout[0]));
  }

  private static void joinTo(List<Layout> joined, Layout item) {
    if (item instanceof Struct struct) {
      for (Layout inner : struct.items) {
        joinTo(joined, inner);
      }
      return;
    }
    int last = joined.size() - 1;
    if (item instanceof Fixed right) {
      if (right.bytes == 0) {
        return;
      }
      if (last >= 0 && joined.get(last) instanceof Fixed left) {
        joined.set(last, new Fixed(left.bytes + right.bytes));
        return;
      }
    }
    joined.add(item);
  }

  /** A count and as many elements. */
  static Layout array(int countMax, Layout... element) {
    return new Array(countMax, struct(element));
  }

  /** Elements one after the other, a true before each and a false behind the last. */
  static Layout list(Layout... element) {
    return new Chain(struct(element), false);
  }

  /** A list whose elements a walk tells of. */
  static Layout entries(Layout... element) {
    return new Chain(struct(element), true);
  }

  /** A discriminant and the arm it chooses; without such an arm it is garbage. */
  static Layout union(Arm... arms) {
    return new Union(arms, null);
  }

  /** A discriminant and the arm it chooses; the rest of its values choose nothing more. */
  static Layout unionOrVoid(Arm... arms) {
    return new Union(arms, VOID);
  }

  /** A discriminant and the arm it chooses; the rest of its values choose these items. */
  static Layout unionOr(Layout otherwise, Arm... arms) {
    return new Union(arms, otherwise);
  }

  /** A boolean, and these items if it is true. */
  static Layout optional(Layout... items) {
    return union(arm(0), arm(1, items));
  }

  /** What a value of the discriminant chooses. */
  static Arm arm(int value, Layout... items) {
    return new Arm(value, struct(items));
  }

  /** One value of a discriminant and what follows it. */
  record Arm(int value, Layout items) {}

  private static String bound(int max) {
    return max == UNBOUNDED ? "<>" : "<" + max + ">";
  }

  private static String mark(@Nullable Part part) {
    return part == null ? "" : part.word() + ":";
  }

  private static final class Fixed extends Layout {
    private final int bytes;

    Fixed(int bytes) {
      if (bytes % 4 != 0) {
        throw new IllegalArgumentException(bytes + " bytes need padding");
      }
      this.bytes = bytes;
    }

    @Override
    public void pass(XdrReader in, LayoutVisitor visitor) {
      in.skip(bytes);
    }

    @Override
    int bytesMin() {
      return bytes;
    }

    @Override
    int handlesMax() {
      return 0;
    }

    @Override
    public String toString() {
      return bytes == 0 ? "" : Integer.toString(bytes);
    }
  }

  private enum Meaning {
    OPAQUE,
    HANDLE,
    NAME
  }

  private static final class Opaque extends Layout {
    private final int lengthMax;
    private final Meaning meaning;
    private final @Nullable Part part;

    Opaque(int lengthMax, Meaning meaning, @Nullable Part part) {
      this.lengthMax = lengthMax;
      this.meaning = meaning;
      this.part = part;
    }

    @Override
    public void pass(XdrReader in, LayoutVisitor visitor) {
      int at = in.position() + 4;
      int length = in.skipOpaque(lengthMax);
      switch (meaning) {
        case HANDLE -> visitor.handle(at, length);
        case NAME -> visitor.name(at, length);
        case OPAQUE -> {
          if (part != null) {
            visitor.part(part, at, length);
          }
        }
      }
    }

    @Override
    int bytesMin() {
      return 4;
    }

    @Override
    void partsInto(Set<Part> parts) {
      switch (meaning) {
        case HANDLE -> parts.add(Part.HANDLE);
        case NAME -> parts.add(Part.NAME);
        case OPAQUE -> {
          if (part != null) {
            parts.add(part);
          }
        }
      }
    }

    @Override
    int handlesMax() {
      return meaning == Meaning.HANDLE ? 1 : 0;
    }

    @Override
    public String toString() {
      return mark(part) + meaning.name().toLowerCase(Locale.ROOT) + bound(lengthMax);
    }
  }

  private static final class FixedHandle extends Layout {
    private final int length;

    FixedHandle(int length) {
      this.length = length;
    }

    @Override
    public void pass(XdrReader in, LayoutVisitor visitor) {
      int at = in.position();
      in.skip(length);
      visitor.handle(at, length);
    }

    @Override
    int bytesMin() {
      return length;
    }

    @Override
    void partsInto(Set<Part> parts) {
      parts.add(Part.HANDLE);
    }

    @Override
    int handlesMax() {
      return 1;
    }

    @Override
    public String toString() {
      return "handle[" + length + "]";
    }
  }

  private static final class WritesIf extends Layout {
    private final int mask;

    WritesIf(int mask) {
      this.mask = mask;
    }

    @Override
    public void pass(XdrReader in, LayoutVisitor visitor) {
      if ((in.int32() & mask) != 0) {
        visitor.writes();
      }
    }

    @Override
    int bytesMin() {
      return 4;
    }

    @Override
    int handlesMax() {
      return 0;
    }

    @Override
    public String toString() {
      return "writes-if[" + (mask == -1 ? "any" : Integer.toString(mask)) + "]";
    }
  }

  private static final class Writes extends Layout {
    @Override
    public void pass(XdrReader in, LayoutVisitor visitor) {
      visitor.writes();
    }

    @Override
    int bytesMin() {
      return 0;
    }

    @Override
    int handlesMax() {
      return 0;
    }

    @Override
    public String toString() {
      return "writes";
    }
  }

  private static final class Struct extends Layout {
    private final Layout[] items;

    Struct(Layout[] items) {
      this.items = items;
    }

    @Override
    public void pass(XdrReader in, LayoutVisitor visitor) {
      for (Layout item : items) {
        item.pass(in, visitor);
      }
    }

    @Override
    int bytesMin() {
      int sum = 0;
      for (Layout item : items) {
        sum += item.bytesMin();
      }
      return sum;
    }

    @Override
    void partsInto(Set<Part> parts) {
      for (Layout item : items) {
        item.partsInto(parts);
      }
    }

    @Override
    int handlesMax() {
      int sum = 0;
      for (Layout item : items) {
        sum += item.handlesMax();
      }
      return sum;
    }

    @Override
    public String toString() {
      List<String> words = new ArrayList<>();
      for (Layout item : items) {
        words.add(item.toString());
      }
      return String.join(" ", words);
    }
  }

  private static final class Marked extends Layout {
    private final Part part;
    private final Layout items;

    Marked(Part part, Layout items) {
      this.part = part;
      this.items = items;
    }

    @Override
    public void pass(XdrReader in, LayoutVisitor visitor) {
      int at = in.position();
      items.pass(in, visitor);
      visitor.part(part, at, in.position() - at);
    }

    @Override
    int bytesMin() {
      return items.bytesMin();
    }

    @Override
    void partsInto(Set<Part> parts) {
      parts.add(part);
      items.partsInto(parts);
    }

    @Override
    int handlesMax() {
      return items.handlesMax();
    }

    @Override
    public String toString() {
      return mark(part) + (items instanceof Struct ? "(" + items + ")" : items);
    }
  }

  private static final class Chain extends Layout {
    private final Layout element;
    private final boolean told;

    Chain(Layout element, boolean told) {
      this.element = element;
      this.told = told;
    }

    @Override
    public void pass(XdrReader in, LayoutVisitor visitor) {
      int at = in.position();
      while (in.bool()) {
        if (told) {
          visitor.entry(at);
        }
        element.pass(in, visitor);
        at = in.position();
        if (told) {
          visitor.entryEnds(at);
        }
      }
    }

    @Override
    int bytesMin() {
      return 4;
    }

    @Override
    void partsInto(Set<Part> parts) {
      if (told) {
        parts.add(Part.ENTRY);
      }
      element.partsInto(parts);
    }

    @Override
    int handlesMax() {
      return element.handlesMax() == 0 ? 0 : UNBOUNDED;
    }

    @Override
    public String toString() {
      return (told ? "entries(" : "list(") + element + ")";
    }
  }

  private static final class Array extends Layout {
    private final int countMax;
    private final Layout element;

    Array(int countMax, Layout element) {
      if (element.bytesMin() == 0 || element.handlesMax() != 0) {
        throw new IllegalArgumentException("array of (" + element + ")");
      }
      this.countMax = countMax;
      this.element = element;
    }

    @Override
    public void pass(XdrReader in, LayoutVisitor visitor) {
      int count = in.count(Math.min(countMax, in.remaining() / element.bytesMin()));
      if (element instanceof Fixed) {
        in.skip(count * element.bytesMin());
        return;
      }
      for (int i = 0; i < count; i++) {
        element.pass(in, visitor);
      }
    }

    @Override
    int bytesMin() {
      return 4;
    }

    @Override
    void partsInto(Set<Part> parts) {
      element.partsInto(parts);
    }

    @Override
    int handlesMax() {
      return 0;
    }

    @Override
    public String toString() {
      return "array" + bound(countMax) + "(" + element + ")";
    }
  }

  private static final class Union extends Layout {
    private final int[] values;
    private final Layout[] arms;
    private final @Nullable Layout otherwise;

    Union(Arm[] arms, @Nullable Layout otherwise) {
      this.values = new int[arms.length];
      this.arms = new Layout[arms.length];
      this.otherwise = otherwise;
      for (int i = 0; i < arms.length; i++) {
        this.values[i] = arms[i].value;
        this.arms[i] = arms[i].items;
      }
    }

    @Override
    public void pass(XdrReader in, LayoutVisitor visitor) {
      arm(in.int32()).pass(in, visitor);
    }

    private Layout arm(int value) {
      for (int i = 0; i < values.length; i++) {
        if (values[i] == value) {
          return arms[i];
        }
      }
      if (otherwise == null) {
        throw new XdrException("discriminant " + (value & 0xffff_ffffL) + " of " + this);
      }
      return otherwise;
    }

    @Override
    int bytesMin() {
      return 4;
    }

    @Override
    void partsInto(Set<Part> parts) {
      for (Layout arm : arms) {
        arm.partsInto(parts);
      }
      if (otherwise != null) {
        otherwise.partsInto(parts);
      }
    }

    @Override
    int handlesMax() {
      int max = otherwise == null ? 0 : otherwise.handlesMax();
      for (Layout arm : arms) {
        max = Math.max(max, arm.handlesMax());
      }
      return max;
    }

    @Override
    public String toString() {
      List<String> cases = new ArrayList<>();
      for (int i = 0; i < values.length; i++) {
        cases.add(arms[i] == VOID ? "" + values[i] : values[i] + ": " + arms[i]);
      }
      if (otherwise != null) {
        cases.add(otherwise == VOID ? "else" : "else: " + otherwise);
      }
      return "switch{" + String.join("; ", cases) + "}";
    }
  }

  private static final class Rest extends Layout {
    @Override
    public void pass(XdrReader in, LayoutVisitor visitor) {
      in.position(in.position() + in.remaining());
    }

    @Override
    int bytesMin() {
      return 0;
    }

    @Override
    int handlesMax() {
      return 0;
    }

    @Override
    public String toString() {
      return "rest";
    }
  }
}
