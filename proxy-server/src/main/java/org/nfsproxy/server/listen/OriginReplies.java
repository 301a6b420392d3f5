package org.nfsproxy.server.listen;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.collection.IntObjectMap;
import io.netty.util.concurrent.EventExecutor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nfsproxy.backend.FlowControl;
import org.nfsproxy.backend.ReplyStream;
import org.nfsproxy.rpc.AcceptStatus;
import org.nfsproxy.rpc.Call;
import org.nfsproxy.rpc.MessageType;
import org.nfsproxy.rpc.RecordException;
import org.nfsproxy.rpc.RecordMarking;
import org.nfsproxy.rpc.RecordReader;
import org.nfsproxy.rpc.RecordScanner;
import org.nfsproxy.rpc.XidTable;
import org.nfsproxy.server.call.CallSummary;
import org.nfsproxy.server.call.ReplyOpener;
import org.nfsproxy.server.metrics.ConnectionMeter;

/**
 * Replies and callbacks of one source, passed to the client as they arrive: of each record only the
 * first two words of its message are read, five more where a judge goes by the reply's status,
 * seven more of each reply where calls are counted, and a short reply as a whole where that is all
 * a judge wants with it.
 *
 * <pre>
 *  marker      xid         type        accepted    verifier: flavor, length    success     status
 *  80 00 00 7c 5a 00 00 01 00 00 00 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 27 23 ...
 * </pre>
 */
// A chunk usually holds whole records that all may pass, and is then passed as it is. It is cut
// only where a record is dropped (a reply to no call) or opened (a judge asked for it, and it was
// not read in passing). Where a chunk ends before a record's type is known, those few bytes wait in
// `head` for the next chunk. The source is not trusted: its records
// have a bound, and so has what it may call.
final class OriginReplies implements ReplyStream {
  /**
   * Markers in a head, beside what is needed of it; more means a source that cuts it up to harm.
   */
  private static final int HEAD_BYTES_MAX = 256;

  private static final int MSG_ACCEPTED = 0;

  /** Of a message: xid and type; */
  private static final int HEAD_MESSAGE_BYTES = 8;

  /** and what stands before the results of a reply without verifier, with their first word. */
  private static final int STATUS_MESSAGE_BYTES = 28;

  /** Where replies are counted, as much of most of them: the number of a COMPOUND's results too. */
  private static final int COUNTED_MESSAGE_BYTES =
      Math.max(STATUS_MESSAGE_BYTES, ConnectionMeter.headBytesUsual());

  /**
   * Replies that an opener may read on the event loop, with their marker. LOOKUP, CREATE and their
   * kin have 300 bytes in NFSv3, a COMPOUND with one of them 400 to 800; listings are longer.
   */
  static final int READ_IN_PASSING_BYTES_MAX = 1024;

  private final ReplySink sink;
  private final FlowControl source;
  private final EventExecutor loop;
  private final ConnectionMeter meter;
  private boolean sourcePaused;
  private final int recordBytesMax;
  private final RecordScanner scanner;
  private final int callbacksMax;
  private final XidTable calls = new XidTable();
  private final XidTable callbacks = new XidTable();
  private final IntObjectMap<ReplyOpener> openers;

  private ByteBuf head = Unpooled.EMPTY_BUFFER;
  private ByteBuf headWords = Unpooled.wrappedBuffer(new byte[COUNTED_MESSAGE_BYTES]);
  private int headNeeded = HEAD_MESSAGE_BYTES;
  private boolean headKnown;
  private int markersBytes;
  private @Nullable CallSummary passing;
  private boolean diverted;
  private @Nullable ReplyOpener opener;
  private @Nullable RecordReader opened;
  private boolean ended;
  private long repliesToNobody;

  /**
   * The way from one source.
   *
   * @param source is told when to stop
   * @param openers what a judge wants with replies, by xid: of all ways of one client, which has
   *     one call of an xid at a time
   * @param callbacksMax the most callbacks without a reply
   */
  OriginReplies(
      ReplySink sink,
      FlowControl source,
      IntObjectMap<ReplyOpener> openers,
      ConnectionMeter meter,
      EventExecutor loop,
      int recordBytesMax,
      int callbacksMax) {
    this.sink = sink;
    this.source = source;
    this.openers = openers;
    this.meter = meter;
    this.loop = loop;
    this.recordBytesMax = recordBytesMax;
    this.scanner = new RecordScanner(recordBytesMax);
    this.callbacksMax = callbacksMax;
  }

  /** Where passed bytes go, and where calls that were answered are counted. */
  interface ReplySink {
    /**
     * Bytes for the client.
     *
     * @param bytes to be written; now the sink's
     * @param endsRecord whether the last byte is the last of a record
     */
    void pass(OriginReplies from, ByteBuf bytes, boolean endsRecord);

    /** The bytes of this batch are all there. */
    void flushReplies();

    /** A call was answered, and its reply has passed. */
    void answered(int xid);

    /**
     * A call was answered by a reply that is to be opened.
     *
     * @param record the whole record; now the sink's
     */
    void open(ReplyOpener opener, ByteBuf record);

    /** Whether the origin owes a callback, so that it is worth reading which of them come. */
    boolean awaitsCallback();

    /**
     * A callback passes.
     *
     * @param bytes where it is; stays the caller's
     * @param from index of its marker
     * @param to index behind its last byte
     */
    void callback(ByteBuf bytes, int from, int to);

    /** The stream ends; cut short if the client has had a part of a record. */
    void ended(OriginReplies stream, boolean cutShort);

    /** The source sends what no client should see; nothing more of it is passed. */
    void broken(OriginReplies stream, String why);
  }

  @Override
  public void expect(Call call) {
    assert loop.inEventLoop();
    if (!calls.addNew(call.xid())) {
      throw new IllegalStateException("a call with the xid of one that has no reply yet");
    }
  }

  @Override
  public int callsInFlight() {
    return calls.size();
  }

  /** Callbacks that the client has not answered. */
  int callbacksInFlight() {
    return callbacks.size();
  }

  /** Takes a callback out that the client has answered, and says whether it was this stream's. */
  boolean callbackAnswered(int xid) {
    return callbacks.remove(xid);
  }

  /** Stops or starts the source, if it is not so already. */
  void pauseSource(boolean pause) {
    if (pause != sourcePaused) {
      sourcePaused = pause;
      if (pause) {
        source.pause();
      } else {
        source.resume();
      }
    }
  }

  long repliesToNobody() {
    return repliesToNobody;
  }

  @Override
  public void write(ByteBuf chunk) {
    assert loop.inEventLoop();
    if (ended) {
      chunk.release();
      return;
    }
    ByteBuf bytes = chunk;
    if (head.isReadable()) {
      bytes = Unpooled.wrappedBuffer(head, chunk);
      rewindToRecord();
    }
    head = Unpooled.EMPTY_BUFFER;
    meter.replies();
    try {
      scan(bytes);
    } catch (RecordException unusable) {
      ended = true;
      closeOpened();
      sink.broken(this, unusable.getMessage());
    } finally {
      bytes.release();
    }
  }

  @Override
  public void flush() {
    assert loop.inEventLoop();
    sink.flushReplies();
  }

  @Override
  public void end() {
    assert loop.inEventLoop();
    if (!ended) {
      ended = true;
      boolean cutShort = scanner.isMidRecord() && !diverted && !head.isReadable();
      closeOpened();
      head = Unpooled.EMPTY_BUFFER;
      sink.ended(this, cutShort);
    }
  }

  /** Says so of the reply that is on its way, see {@link ReplyOpener#isNotComing}. */
  void isNotComing(boolean hasGone) {
    if (opener != null) {
      opener.isNotComing(hasGone);
    }
  }

  /** Gives back what has come of a reply that nobody wants any more, and takes no more. */
  void close() {
    assert loop.inEventLoop();
    ended = true;
    closeOpened();
    head = Unpooled.EMPTY_BUFFER;
  }

  /** The head that was held back is scanned again, together with what follows it. */
  private void rewindToRecord() {
    scanner.reset();
    headNeeded = HEAD_MESSAGE_BYTES;
    markersBytes = 0;
  }

  private void scan(ByteBuf bytes) {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    int passFrom = at;
    int recordFrom = at;
    while (at < end) {
      if (!scanner.isMidRecord()) {
        recordFrom = at;
      }
      if (!scanner.isInFragment()) {
        at = scanner.marker(bytes, at, end);
        markersBytes += scanner.isInFragment() ? RecordMarking.MARKER_BYTES : 0;
      }
      if (scanner.isInFragment()) {
        at = headKnown ? skipBody(at, end) : readHead(bytes, at, end);
        if (!headKnown && (scanner.messageBytes() == headNeeded || isShort())) {
          headKnown = true;
          diverted = !mayPass(bytes, recordFrom, at, end);
          if (diverted) {
            pass(bytes, passFrom, recordFrom, true);
            passFrom = recordFrom;
          }
        }
        int messageBytes = scanner.messageBytes();
        if (scanner.endsRecord()) {
          endRecord(messageBytes);
          if (diverted) {
            divert(bytes, passFrom, at);
            diverted = false;
            opener = null;
            passFrom = at;
          }
        }
      }
    }
    if (diverted) {
      divert(bytes, passFrom, end);
      return;
    }
    boolean headIncomplete = scanner.isMidRecord() && !headKnown;
    int passTo = headIncomplete ? recordFrom : end;
    pass(bytes, passFrom, passTo, headIncomplete || !scanner.isMidRecord());
    if (headIncomplete) {
      if (end - recordFrom > HEAD_BYTES_MAX + headNeeded) {
        throw new RecordException(
            "a record whose head takes more than " + (HEAD_BYTES_MAX + headNeeded) + " bytes");
      }
      head = Unpooled.copiedBuffer(bytes.slice(recordFrom, end - recordFrom));
    }
  }

  private void pass(ByteBuf bytes, int from, int to, boolean endsRecord) {
    if (to > from) {
      boolean whole = from == bytes.readerIndex() && to == bytes.writerIndex();
      ByteBuf passed = whole ? bytes.retain() : bytes.retainedSlice(from, to - from);
      sink.pass(this, passed, endsRecord);
    }
  }

  /** A record that does not pass: it is opened, or dropped. */
  private void divert(ByteBuf bytes, int from, int to) {
    if (opener != null && to > from) {
      if (opened == null) {
        opened = new RecordReader(bytes.alloc(), recordBytesMax, this::openRecord);
      }
      opened.read(bytes.retainedSlice(from, to - from));
    }
  }

  private void openRecord(ByteBuf record) {
    sink.open(Objects.requireNonNull(opener, "it is diverted for one"), record);
  }

  private void closeOpened() {
    if (opened != null) {
      opened.close();
    }
  }

  private int readHead(ByteBuf bytes, int at, int end) {
    int before = scanner.messageBytes();
    int length = Math.min(Math.min(headNeeded - before, scanner.fragmentLeft()), end - at);
    headWords.setBytes(before, bytes, at, length);
    scanner.pass(length);
    boolean isTold = scanner.messageBytes() == HEAD_MESSAGE_BYTES;
    if (isTold && headWords.getInt(4) == MessageType.REPLY) {
      if (meter.isCounting()) {
        headNeeded = meter.headBytes(headWords.getInt(0));
        if (headNeeded > headWords.capacity()) {
          byte[] longer = new byte[headNeeded];
          headWords.getBytes(0, longer, 0, HEAD_MESSAGE_BYTES);
          headWords = Unpooled.wrappedBuffer(longer);
        }
      } else if (goesByStatus()) {
        headNeeded = STATUS_MESSAGE_BYTES;
      }
    }
    return at + length;
  }

  private boolean goesByStatus() {
    if (openers.isEmpty()) {
      return false;
    }
    ReplyOpener wanted = openers.get(headWords.getInt(0));
    return wanted != null && wanted.goesByStatus();
  }

  /** A reply that ends before a status could have come. */
  private boolean isShort() {
    return scanner.messageBytes() >= HEAD_MESSAGE_BYTES
        && scanner.fragmentLeft() == 0
        && scanner.isLast();
  }

  private int skipBody(int at, int end) {
    int length = Math.min(scanner.fragmentLeft(), end - at);
    scanner.pass(length);
    return at + length;
  }

  private boolean mayPass(ByteBuf bytes, int recordFrom, int at, int end) {
    int xid = headWords.getInt(0);
    int type = headWords.getInt(4);
    if (type == MessageType.REPLY) {
      boolean isAwaited = calls.remove(xid);
      ReplyOpener wanted = !isAwaited || openers.isEmpty() ? null : openers.remove(xid);
      if (wanted != null && wanted.goesByStatus() && !opensByStatus(wanted)) {
        wanted = null;
      }
      if (wanted != null && isReadInPassing(wanted, bytes, recordFrom, at, end)) {
        wanted = null;
      }
      opener = wanted;
      if (wanted != null) {
        return false;
      }
      if (isAwaited) {
        passing = meter.passes(xid, headWords, scanner.messageBytes());
        sink.answered(xid);
        return true;
      }
      repliesToNobody++;
      return false;
    }
    if (type == MessageType.CALL) {
      if (callbacks.size() >= callbacksMax) {
        throw new RecordException("more than " + callbacksMax + " callbacks without a reply");
      }
      callbacks.add(xid);
      if (sink.awaitsCallback() && isWhole(recordFrom, at, end)) {
        sink.callback(bytes, recordFrom, at + scanner.fragmentLeft());
      }
      return true;
    }
    throw new RecordException("a message that is neither call nor reply: type " + type);
  }

  // Only what lies whole in this chunk, as one fragment: what has to be put together is opened.
  private boolean isReadInPassing(
      ReplyOpener wanted, ByteBuf bytes, int recordFrom, int at, int end) {
    int to = at + scanner.fragmentLeft();
    if (!isWhole(recordFrom, at, end)) {
      return false;
    }
    try {
      return wanted.readsInPassing(bytes, recordFrom, to);
    } catch (RuntimeException bug) {
      return false; // it is met again where the reply is opened, and told there
    }
  }

  private boolean isWhole(int recordFrom, int at, int end) {
    int to = at + scanner.fragmentLeft();
    return scanner.isLast()
        && at - recordFrom == RecordMarking.MARKER_BYTES + scanner.messageBytes()
        && to <= end
        && to - recordFrom <= READ_IN_PASSING_BYTES_MAX;
  }

  private boolean opensByStatus(ReplyOpener wanted) {
    if (scanner.messageBytes() < STATUS_MESSAGE_BYTES || headWords.getInt(8) != MSG_ACCEPTED) {
      return false;
    }
    boolean hasVerifier = headWords.getInt(16) != 0;
    boolean isSuccess = headWords.getInt(20) == AcceptStatus.SUCCESS.ordinal();
    return hasVerifier || isSuccess && wanted.opens(headWords.getInt(24));
  }

  private void endRecord(int messageBytes) {
    if (messageBytes < HEAD_MESSAGE_BYTES) {
      throw new RecordException("a message of " + messageBytes + " bytes");
    }
    if (passing != null) {
      meter.passed(passing, markersBytes + messageBytes);
      passing = null;
    }
    markersBytes = 0;
    headNeeded = HEAD_MESSAGE_BYTES;
    headKnown = false;
  }
}
