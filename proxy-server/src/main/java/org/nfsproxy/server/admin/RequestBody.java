package org.nfsproxy.server.admin;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;

/** The body of a request, where one is read. */
// How long it may take is bounded as everything on these connections is.
final class RequestBody {
  private static final String EXPECT = "Expect";

  private RequestBody() {}

  /**
   * Reads it.
   *
   * @param bytesMax how long it may be; 0 if none is read
   * @return the bytes; fails if there are more, and never ends if the request does not
   */
  static Future<Buffer> read(HttpServerRequest request, int bytesMax) {
    if (bytesMax == 0) {
      return Future.succeededFuture(Buffer.buffer());
    }
    if ("100-continue".equalsIgnoreCase(request.getHeader(EXPECT))) {
      request.response().writeContinue();
    }
    Promise<Buffer> whole = Promise.promise();
    Buffer body = Buffer.buffer();
    request.handler(
        bytes -> {
          if (body.length() + bytes.length() <= bytesMax) {
            body.appendBuffer(bytes);
          } else {
            whole.tryFail(new IOException("a body above %d bytes".formatted(bytesMax)));
          }
        });
    request.endHandler(ended -> whole.tryComplete(body));
    request.exceptionHandler(broken -> whole.tryFail(broken));
    return whole.future();
  }
}
