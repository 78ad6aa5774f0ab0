using System.Net;
using System.Net.Http.Headers;

namespace Temporal.Protocol;

/// <summary>
/// One frame as a request body. An answer may come while the body is still being sent, so the buffer goes back to the
/// pool only if nobody is reading it; else it is left to the collector, and no other call's bytes can get into this one.
/// </summary>
sealed class FrameContent : HttpContent
{
    static readonly MediaTypeHeaderValue GrpcType = new("application/grpc");

    readonly PooledBuffer _frame;
    readonly Lock _lock = new();
    readonly int _length;
    int _readers;
    bool _disposed;

    public FrameContent(PooledBuffer frame)
    {
        _frame = frame;
        _length = frame.Length;
        Headers.ContentType = GrpcType;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _readers++;
        }

        try
        {
            await stream.WriteAsync(_frame.Memory, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
                _readers--;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _length;
        return true;
    }

    protected override void Dispose(bool disposing)
    {
        lock (_lock)
        {
            if (!_disposed && _readers == 0)
                _frame.Dispose();
            _disposed = true;
        }

        base.Dispose(disposing);
    }
}
