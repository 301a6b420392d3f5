package org.nfsproxy.server.call;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one operation asks for: a procedure, or one of the operations of a COMPOUND.
 *
 * @param index which of the COMPOUND's operations, from 0; 0 for a procedure
 * @param name its name in the RFC
 * @param objects what it acts on, in the order of the arguments: of RENAME from where and to where,
 *     of LINK the file and its new name
 * @param attribute the name of an extended attribute, as the client sent it; null for none
 */
public record NotedOperation(
    int index,
    String name,
    boolean changes,
    List<NotedObject> objects,
    byte @Nullable [] attribute) {
  /**
   * How much memory it takes, roughly.
   *
   * @return bytes
   */
  public int bytes() {
    int bytes = 64 + (attribute == null ? 0 : attribute.length);
    for (NotedObject object : objects) {
      bytes += object.bytes();
    }
    return bytes;
  }
}
