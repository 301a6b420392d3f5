package org.nfsproxy.server.top;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;
import org.jspecify.annotations.Nullable;

/** A terminal that shows events, and takes keys. */
final class TopTerminal {
  private static final int NO_TERMINAL = 2;
  private static final int LOOK_MILLIS = 200;
  private static final String KEYS =
      "c client  e export  o operation  x client by export  < > sort  r reverse  / filter"
          + "  space pause  q quit";

  private final TopSettings settings;
  private final Terminal terminal;
  private final TopKeys keys;
  private final AtomicBoolean isEnded = new AtomicBoolean();
  private volatile boolean isResized;
  private @Nullable JsonObject shown;

  private TopTerminal(TopSettings settings, Terminal terminal) {
    this.settings = settings;
    this.terminal = terminal;
    this.keys = new TopKeys(settings.view());
  }

  static int run(TopSettings settings, PrintWriter err) {
    try (Terminal terminal =
        TerminalBuilder.builder().system(true).provider("exec").dumb(true).build()) {
      if (terminal.getType().startsWith(Terminal.TYPE_DUMB)) {
        err.println("top needs a terminal that can move its cursor; --once and --json need none");
        return NO_TERMINAL;
      }
      new TopTerminal(settings, terminal).run();
      return 0;
    } catch (IOException gone) {
      err.println("the terminal cannot be used: " + gone.getMessage());
      return NO_TERMINAL;
    }
  }

  private void run() throws IOException {
    Attributes before = terminal.enterRawMode();
    terminal.handle(Signal.INT, signal -> isEnded.set(true));
    terminal.handle(Signal.WINCH, signal -> isResized = true);
    Thread hook = new Thread(this::leave, "top-leave");
    Runtime.getRuntime().addShutdownHook(hook);
    terminal.puts(Capability.enter_ca_mode);
    terminal.puts(Capability.cursor_invisible);
    try (EventFeed feed = new EventFeed(settings)) {
      watch(feed);
    } finally {
      Runtime.getRuntime().removeShutdownHook(hook);
      leave();
      terminal.setAttributes(before);
    }
  }

  private void leave() {
    terminal.puts(Capability.cursor_normal);
    terminal.puts(Capability.exit_ca_mode);
    terminal.flush();
  }

  private void watch(EventFeed feed) throws IOException {
    NonBlockingReader reader = terminal.reader();
    int changes = -1;
    while (!keys.isOver() && !isEnded.get()) {
      EventFeed.Known known = feed.known();
      boolean isNew = known.changes() != changes;
      changes = known.changes();
      if (isNew && (!keys.isPaused() || shown == null)) {
        shown = known.event();
      }
      draw(known.lost());
      int key = reader.read(LOOK_MILLIS);
      while (key == NonBlockingReader.READ_EXPIRED
          && feed.known().changes() == changes
          && !isResized
          && !isEnded.get()) {
        keys.nothing();
        key = reader.read(LOOK_MILLIS);
      }
      isResized = false;
      if (key == NonBlockingReader.EOF) {
        return;
      }
      if (key >= 0) {
        keys.pressed(key);
      }
    }
  }

  private void draw(@Nullable String lost) {
    Size size = terminal.getSize();
    int width = size.getColumns() > 0 ? size.getColumns() : 80;
    int height = size.getRows() > 0 ? size.getRows() : 24;
    List<String> lines = new ArrayList<>();
    int titles = -1;
    if (shown != null) {
      lines.addAll(TopLines.head(shown, keys.view(), width));
      titles = lines.size();
      List<String> table = TopLines.table(shown, keys.view(), width);
      int room = Math.max(1, height - titles - 2);
      keys.firstRowIsAtMost(table.size() - 1 - room);
      lines.add(table.get(0));
      table.stream().skip(1 + keys.firstRow()).limit(room).forEach(lines::add);
    }
    terminal.puts(Capability.cursor_home);
    PrintWriter out = terminal.writer();
    for (int i = 0; i < height - 1; i++) {
      String line = i < lines.size() ? lines.get(i) : "";
      highlighted(out, line, i == titles);
      out.print("\r\n");
    }
    highlighted(out, TopLines.cut(last(lost), width - 1), lost != null || keys.isTyping());
    terminal.flush();
  }

  private void highlighted(PrintWriter out, String line, boolean isHighlighted) {
    if (isHighlighted) {
      terminal.puts(Capability.enter_reverse_mode);
    }
    out.print(line);
    if (isHighlighted) {
      terminal.puts(Capability.exit_attribute_mode);
    }
    terminal.puts(Capability.clr_eol);
  }

  private String last(@Nullable String lost) {
    if (keys.isTyping()) {
      return "filter: " + TopFormat.word(keys.view().filter()) + "_";
    }
    if (lost != null) {
      return lost + " Trying again.";
    }
    if (shown == null) {
      return "waiting for " + settings.base();
    }
    String filter = keys.view().filter();
    return (keys.isPaused() ? "PAUSED  " : "")
        + (filter.isEmpty() ? "" : "filter: " + TopFormat.word(filter) + "  ")
        + KEYS;
  }
}
