package org.nfsproxy.backend.coordinated.engine;

/** Room for the replies of one client connection. Any thread may use it. */
public interface Room {
  /** As much as there is memory: for whoever has another bound. */
  Room UNBOUNDED =
      new Room() {
        @Override
        public boolean take(int bytes) {
          return true;
        }

        @Override
        public void giveBack(int bytes) {}
      };

  /**
   * Takes room before a call is executed.
   *
   * @param bytes how long its reply may become
   * @return false if there is none; then whoever owns the room is told when there is
   */
  boolean take(int bytes);

  /**
   * Gives room back: the reply has been sent, or is not sent at all.
   *
   * @param bytes as taken
   */
  void giveBack(int bytes);
}
