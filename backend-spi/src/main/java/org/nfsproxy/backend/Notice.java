package org.nfsproxy.backend;

import java.util.function.Consumer;

/**
 * A line for the administrator.
 *
 * @param off true if something is not as it should be; the text then says how to cure it
 * @param text one sentence or two, without a line break
 */
public record Notice(boolean off, String text) {
  /**
   * Tells it.
   *
   * @param warning where it goes if something is off
   * @param information where it goes if not
   */
  public void tell(Consumer<String> warning, Consumer<String> information) {
    (off ? warning : information).accept(text);
  }
}
