package org.nfsproxy.backend.nfs.questions;

import java.io.IOException;

/** The origin's portmapper says that it does not serve a program. */
public final class NotServedException extends IOException {
  private static final long serialVersionUID = 1L;

  NotServedException(String message) {
    super(message);
  }
}
