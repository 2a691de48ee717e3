namespace Delivery.Integration.Tests.Servers;

/// <summary>Postfix: PIPELINING, CHUNKING, SMTPUTF8, STARTTLS.</summary>
internal sealed class PostfixServer : MailServer
{
    private readonly PostfixProcess _postfix;

    private PostfixServer(PostfixProcess postfix) => (_postfix, Port) = (postfix, postfix.Port);

    public override string Inbox => _postfix.Inbox;

    public static async Task<MailServer> StartAsync() => new PostfixServer(await PostfixProcess.StartAsync(stores: true));

    public override async ValueTask DisposeAsync()
    {
        await _postfix.DisposeAsync();
        await base.DisposeAsync();
    }
}
