package org.nfsproxy.server.call;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An object of a filesystem as a call names it: by a filehandle, by names below one, or by names
 * below the root.
 *
 * @param handle the filehandle's bytes; null for the root of the origin's namespace, or if it is
 *     cut
 * @param names the names from there on, each as the client sent it, {@code ..} for a step up; empty
 *     for the object that the handle is of
 * @param isCut whether there were more names, of which only the last are kept, or longer ones
 */
public record NotedObject(byte @Nullable [] handle, List<byte[]> names, boolean isCut) {
  /** How much memory it takes, roughly. */
  int bytes() {
    int bytes = 64 + (handle == null ? 0 : handle.length);
    for (byte[] name : names) {
      bytes += 32 + name.length;
    }
    return bytes;
  }
}
