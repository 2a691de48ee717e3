using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Delivery.Cli.Bench.Send;

/// <summary>Recipients as a body of lines (NDJSON), made while it is sent. Can be sent once.</summary>
internal sealed class RecipientLines : HttpContent
{
    private const int BlockBytes = 64 << 10;
    private readonly BenchCampaign _campaign;
    private readonly long _count;

    public RecipientLines(BenchCampaign campaign, long count)
    {
        _campaign = campaign;
        _count = count;
        Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var block = new ArrayBufferWriter<byte>(2 * BlockBytes);
        using var json = new Utf8JsonWriter(block);
        for (var i = 0L; i < _count; i++)
        {
            _campaign.WriteRecipient(json, i);
            json.Flush();
            json.Reset();
            block.Write("\n"u8);
            if (block.WrittenCount < BlockBytes)
                continue;
            await stream.WriteAsync(block.WrittenMemory, cancellationToken);
            block.ResetWrittenCount();
        }

        await stream.WriteAsync(block.WrittenMemory, cancellationToken);
    }

    /// <summary>Unknown: the body goes in chunks.</summary>
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
