using Delivery.Contracts.Tokens;
using Delivery.Mta.Templates;

namespace Delivery.Mta.Messages;

/// <summary>The buffers one worker composes with, message after message.</summary>
internal sealed class ComposeScratch
{
    public ComposeScratch(TrackingTokens tokens)
    {
        Links = new LinkWriter(tokens);
        State = new RenderState(Rendered, Scope) { Host = Links };
    }

    public LinkWriter Links { get; }

    public TemplateScope Scope { get; } = new();

    /// <summary>All rendered parts, one behind the other.</summary>
    public ByteBuffer Rendered { get; } = new(16 * 1024);

    public RenderState State { get; }

    public ByteBuffer Message { get; } = new(32 * 1024);

    public ByteBuffer HeaderValue { get; } = new(512);

    public ByteBuffer DisplayName { get; } = new(128);

    public ByteBuffer Normalized { get; } = new(4 * 1024);

    /// <summary>Where in <see cref="Rendered"/> each of the content's own header fields ends.</summary>
    public List<int> FieldEnds { get; } = [];
}
