using System.Diagnostics.CodeAnalysis;
using Delivery.Mta.Smtp;

namespace Delivery.Micro.Operations;

/// <summary>The four replies of one message, which come in one segment.</summary>
internal sealed class SmtpReplies : HotOperation
{
    private const int Replies = 4;
    private static readonly byte[] Wire = "250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n354 End data with <CR><LF>.<CR><LF>\r\n250 2.0.0 Ok\r\n"u8.ToArray();
    private readonly SmtpReplyReader _reader = new(new SmtpOptions());
    private readonly SmtpDeadline _deadline = new(TimeProvider.System);
    private readonly MemoryStream _stream = new(Wire);

    [SuppressMessage("ApiDesign", "RS0030", Justification = "A stream in memory is always ready.")]
    public override void Run()
    {
        for (var i = 0; i < PerRun; i++)
        {
            _stream.Position = 0;
            for (var reply = 0; reply < Replies; reply++)
            {
                var read = _reader.ReadAsync(_stream, _deadline, Timeout.InfiniteTimeSpan);
                if (!read.IsCompletedSuccessfully || read.Result == 0)
                    throw new InvalidOperationException("a reply was not there");
            }
        }
    }

    public override void Dispose()
    {
        _deadline.Dispose();
        _stream.Dispose();
        base.Dispose();
    }
}
