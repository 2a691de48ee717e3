using Delivery.Micro.Operations;

namespace Delivery.Micro;

/// <summary>One thing that is done for every recipient, message or event. Made ready by its constructor; one owner, one thread.</summary>
internal abstract class HotOperation : IDisposable
{
    /// <summary>How often one <see cref="Run"/> does it.</summary>
    public const int PerRun = 256;

    private static readonly Dictionary<string, Func<HotOperation>> Known = new()
    {
        ["recipient_parse"] = () => new RecipientParse(),
        ["template_render"] = () => new TemplateRender(),
        ["message_compose"] = () => new MessageCompose(),
        ["message_sign"] = () => new MessageSign(),
        ["link_sign"] = () => new LinkSign(),
        ["link_verify"] = () => new LinkVerify(),
        ["dot_stuff"] = () => new DotStuff(),
        ["smtp_reply"] = () => new SmtpReplies(),
        ["session_watched"] = () => new SessionWatched(),
        ["claim_and_outcome"] = () => new ClaimAndOutcome(),
        ["event_write"] = () => new EventWrite(),
        ["event_read"] = () => new EventRead(),
    };

    /// <summary>In the order of the mail's path.</summary>
    public static IReadOnlyCollection<string> Names => Known.Keys;

    public static HotOperation Create(string name) => Known[name]();

    /// <summary>Does it <see cref="PerRun"/> times.</summary>
    public abstract void Run();

    public virtual void Dispose() => GC.SuppressFinalize(this);
}
