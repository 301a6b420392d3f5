package org.nfsproxy.server.nlm;

import org.nfsproxy.xdr.XdrReader;

/** The items that NLM arguments are made of. */
enum NlmItem {
  /** {@code opaque netobj<1024>}: a cookie, a filehandle, a lock owner. */
  NETOBJ {
    @Override
    void skip(XdrReader in) {
      in.skipOpaque(NETOBJ_BYTES_MAX);
    }
  },
  /** A host's name: up to 1024 bytes in a lock, 1025 in a notification. */
  NAME {
    @Override
    void skip(XdrReader in) {
      in.skipOpaque(NAME_BYTES_MAX);
    }
  },
  BOOL {
    @Override
    void skip(XdrReader in) {
      in.bool();
    }
  },
  /** A 32-bit number or an enum. */
  INT {
    @Override
    void skip(XdrReader in) {
      in.int32();
    }
  },
  /** A 64-bit number. */
  HYPER {
    @Override
    void skip(XdrReader in) {
      in.int64();
    }
  };

  private static final int NETOBJ_BYTES_MAX = 1024;
  private static final int NAME_BYTES_MAX = 1025;

  abstract void skip(XdrReader in);
}
