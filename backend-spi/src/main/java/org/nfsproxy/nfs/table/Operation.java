package org.nfsproxy.nfs.table;

import java.util.Set;

/** A row of a table: an RPC procedure, or an operation within an NFSv4 COMPOUND. */
public interface Operation {
  /**
   * The columns that all tables have.
   *
   * @return the row
   */
  Row row();

  /**
   * The name in the RFC.
   *
   * @return for example {@code LOOKUP}
   */
  String name();

  /**
   * The number on the wire.
   *
   * @return of the procedure, or of the operation within a COMPOUND
   */
  default int number() {
    return row().number();
  }

  /**
   * The name for metrics and logs.
   *
   * @return for example {@code nfs3.lookup}
   */
  default String label() {
    return row().label();
  }

  /**
   * What it does to files and state.
   *
   * @return the effect
   */
  default Effect effect() {
    return row().effect();
  }

  /**
   * What a successful reply teaches.
   *
   * @return the filehandles in it
   */
  default HandlesOut handlesOut() {
    return row().handlesOut();
  }

  /**
   * The shape of its results when it fails.
   *
   * @return the shape
   */
  default OnFailure onFailure() {
    return row().onFailure();
  }

  /**
   * What its results look like, from the status on.
   *
   * @return the layout
   */
  default Layout results() {
    return row().results();
  }

  /**
   * What a walk may find in its results: the reason, if there is one, to open its reply.
   *
   * @return the parts, not to be changed
   */
  default Set<Part> resultParts() {
    return row().resultParts();
  }

  /**
   * What its arguments look like.
   *
   * @return the layout
   */
  default Layout arguments() {
    return row().arguments();
  }
}
