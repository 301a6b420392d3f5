package org.nfsproxy.nfs.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/reference/operations.md} to what the tables say. */
class OperationsReferenceTest {
  private static final Path PAGE = Path.of("..", "docs", "reference", "operations.md");
  private static final String REWRITE =
      "mvn -pl backend-spi test -Dtest=OperationsReferenceTest -Dwrite.reference=true";

  @Test
  void page_isWhatTheTablesSay() throws IOException {
    String expected = page();
    if (Boolean.getBoolean("write.reference")) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, expected);
    }
    assertEquals(expected, Files.readString(PAGE), "write the page anew: " + REWRITE);
  }

  /** Long shapes that many rows have, by their names in the RFCs; the longest first. */
  private static final Map<String, Layout> SHAPES = new LinkedHashMap<>();

  static {
    SHAPES.put("createhow3", Nfs3Items.CREATE_HOW);
    SHAPES.put("mknoddata3", Nfs3Items.MKNOD_WHAT);
    SHAPES.put("sattr3", Nfs3Items.SATTR);
    SHAPES.put("fattr4", Nfs4Items.ATTRIBUTES);
    SHAPES.put("bitmap4", Nfs4Items.BITMAP);
    SHAPES.put("netloc4", Nfs4Items.SERVER);
    SHAPES.put("open_delegation4", Nfs4Items.DELEGATION);
    SHAPES.put("channel_attrs4", Nfs4Items.CHANNEL);
    SHAPES.put("write_response4", Nfs4Items.WRITE_RESPONSE);
    SHAPES.put("first-wcc_data", Nfs3Results.FIRST_WCC);
    SHAPES.put("second-wcc_data", Nfs3Results.SECOND_WCC);
    SHAPES.put("first-post_op_attr", Nfs3Results.FIRST);
    SHAPES.put("second-post_op_attr", Nfs3Results.SECOND);
    SHAPES.put("post_op_attr", Nfs3Results.OBJECT);
  }

  private static void shapes(StringBuilder page) {
    page.append("\n| shape | what it is |\n|---|---|\n");
    SHAPES.forEach(
        (name, layout) -> line(page, "`" + name + "`", "`" + shortened(layout, name) + "`"));
  }

  private static String page() {
    StringBuilder page = new StringBuilder();
    page.append(INTRODUCTION);
    shapes(page);
    procedures(page, "NFS version 2 (program 100003), RFC 1094", Nfs2.values());
    procedures(page, "NFS version 3 (program 100003), RFC 1813", Nfs3.values());
    procedures(page, "NFS version 4 (program 100003), RFC 7530, 8881", Nfs4Procedure.values());
    operations(page);
    attributes(page);
    procedures(
        page,
        "NFS version 4, callbacks (program chosen by the client)",
        Nfs4CallbackProcedure.values());
    callbacks(page);
    procedures(page, "MOUNT version 1 (program 100005), RFC 1094", Mount1.values());
    procedures(page, "MOUNT version 2 (program 100005), X/Open XNFS", Mount2.values());
    procedures(page, "MOUNT version 3 (program 100005), RFC 1813", Mount3.values());
    procedures(page, "NFS_ACL version 2 (program 100227)", NfsAcl2.values());
    procedures(page, "NFS_ACL version 3 (program 100227)", NfsAcl3.values());
    procedures(page, "NLM version 4 (program 100021), RFC 1813", Nlm4.values());
    procedures(page, "NSM version 1 (program 100024), X/Open XNFS", Nsm1.values());
    procedures(page, "Portmap, version 2 (program 100000), RFC 1833", Portmap2.values());
    procedures(page, "rpcbind version 3 (program 100000), RFC 1833", Rpcbind3.values());
    procedures(page, "rpcbind version 4 (program 100000), RFC 1833", Rpcbind4.values());
    return page.toString();
  }

  private static final String INTRODUCTION =
      """
      # Operations

      Every operation the proxy knows, printed from its tables (package `org.nfsproxy.nfs.table`). Do not edit:
      `%s` writes this page.

      - **label**: the name in metrics and logs.
      - **effect**: `reads` changes nothing; `writes` changes files and may be repeated; `writes once`
        changes files and may not; `state` changes opens, locks, sessions or mounts, but no file; `as asked`
        changes files if its arguments say so.
      - **flavor**: `not on root` if a client may ask this of an export's root under AUTH_SYS or AUTH_NONE
        whatever flavors the export allows, because it is mounting (RFC 2623 section 2.3.2).
      - **teaches**: filehandles in a successful reply: `object`, `new object`, `entries`, `root`, or as an
        `attribute`.
      - **on failure**: the results when it fails: `status` and the number of zero words behind it (absent
        attributes); `cookie` before it is the call's; `-` if there is no status.
      - **arguments**: numbers are bytes; `opaque<max>` has a length, bytes and padding; so have
        `handle<max>` and `name<max>`; `handle[n]` has no length; `array<max>(...)` has a count;
        `switch{value: ...}` has a discriminant, and a value alone nothing more; `writes-if[mask]` is a word that makes an operation
        `as asked` one that writes, `writes` makes it one by being there; `rest` is the rest of the record.
      - **results**: in the same notation, from the status on, which is the first discriminant or word.
        `part:...` is something a walk tells of; `first-attributes` and `second-attributes` are those of
        the object that the first or second handle in the arguments names, `attributes` those of the
        object in the results. `entries(...)` and `list(...)` have a true before each element and a false
        behind the last. `rest` means that nobody here reads them.
      - **registers** (NFSv4): which of the current and the saved filehandle it acts on and what becomes of
        them. **place**: where in a COMPOUND it may stand. **minor**: the minor version that brought it.
        **leads to**: the other server that it leads a client to, and is refused for.
      """
          .formatted(REWRITE);

  private static void procedures(StringBuilder page, String title, Procedure[] rows) {
    page.append("\n## ").append(title).append("\n\n");
    page.append("| no | label | effect | flavor | teaches | on failure | arguments | results |\n");
    page.append("|---:|---|---|---|---|---|---|---|\n");
    for (Procedure row : rows) {
      line(
          page,
          row.number(),
          label(row),
          effect(row),
          row.flavorCheck() == FlavorCheck.ALWAYS ? "" : "not on root",
          teaches(row),
          onFailure(row),
          shape(row.arguments()),
          shape(row.results()));
    }
  }

  private static void operations(StringBuilder page) {
    page.append("\n### Operations of COMPOUND\n\n");
    page.append(
        "| no | minor | label | effect | registers | place | teaches | leads to | on failure | arguments | results |\n");
    page.append("|---:|---:|---|---|---|---|---|---|---|---|---|\n");
    for (Nfs4 row : Nfs4.values()) {
      line(
          page,
          row.number(),
          row.minorVersion(),
          label(row),
          effect(row),
          words(row.registers()),
          words(row.place()),
          teaches(row),
          row.redirection() == Redirection.NOWHERE ? "" : words(row.redirection()),
          onFailure(row),
          shape(row.arguments()),
          shape(row.results()));
    }
  }

  private static void attributes(StringBuilder page) {
    page.append("\n### Attributes\n\n| no | attribute | value |\n|---:|---|---|\n");
    for (Attribute4 row : Attribute4.values()) {
      line(page, row.number(), words(row), shape(row.value()));
    }
  }

  private static void callbacks(StringBuilder page) {
    page.append("\n### Operations of CB_COMPOUND\n\n");
    page.append("| no | minor | label | place | arguments |\n");
    page.append("|---:|---:|---|---|---|\n");
    for (Nfs4Callback row : Nfs4Callback.values()) {
      line(
          page,
          row.number(),
          row.minorVersion(),
          label(row),
          words(row.place()),
          shape(row.arguments()));
    }
  }

  private static void line(StringBuilder page, Object... cells) {
    page.append('|');
    for (Object cell : cells) {
      page.append(' ').append(cell).append(" |");
    }
    page.append('\n');
  }

  private static String label(Operation row) {
    return "`" + row.label() + "`";
  }

  private static String effect(Operation row) {
    return words(row.effect());
  }

  private static String teaches(Operation row) {
    return row.handlesOut() == HandlesOut.NOTHING ? "" : words(row.handlesOut());
  }

  private static String onFailure(Operation row) {
    OnFailure shape = row.onFailure();
    if (shape == OnFailure.TEN_ZEROS) {
      return "10 zeros";
    }
    if (!shape.hasStatus()) {
      return "-";
    }
    String status = shape.repeatsCookie() ? "cookie, status" : "status";
    return shape.zeroWords() == 0 ? status : status + " + " + shape.zeroWords();
  }

  private static String shape(Layout layout) {
    String text = shortened(layout, "");
    return text.isEmpty() ? "" : "`" + text + "`";
  }

  private static String shortened(Layout layout, String itself) {
    String text = layout.toString();
    for (Map.Entry<String, Layout> shape : SHAPES.entrySet()) {
      if (!shape.getKey().equals(itself)) {
        text = text.replace(shape.getValue().toString(), shape.getKey());
      }
    }
    return text;
  }

  private static String words(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
