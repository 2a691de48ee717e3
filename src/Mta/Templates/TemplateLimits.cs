namespace Delivery.Mta.Templates;

/// <summary>The bounds of a template. The first two are checked when it is compiled, the others while it renders.</summary>
internal static class TemplateLimits
{
    /// <summary>Bytes of UTF-8 source of one part.</summary>
    public const int MaxSourceBytes = 1024 * 1024;

    /// <summary>Blocks within blocks, and sub-expressions within sub-expressions.</summary>
    public const int MaxDepth = 64;

    /// <summary>Parameters of one helper call.</summary>
    public const int MaxParameters = 8;

    /// <summary>Bytes that one render of one part may write.</summary>
    public const int MaxOutputBytes = 4 * 1024 * 1024;

    /// <summary>
    /// Steps of one render: a node run, a loop turn, and a share of what a helper or a look-up has to read.
    /// </summary>
    public const int MaxSteps = 1_000_000;
}
