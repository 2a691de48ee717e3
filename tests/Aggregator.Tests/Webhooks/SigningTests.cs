using System.Text;
using Delivery.Aggregator.Webhooks;

namespace Delivery.Aggregator.Tests.Webhooks;

public class SigningTests
{
    /// <summary>The example that libraries of Standard Webhooks are tested with.</summary>
    [Fact]
    public void A_signature_is_what_Standard_Webhooks_says() => Assert.Equal(
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        WebhookSecret.Sign(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, Encoding.UTF8.GetBytes("{\"test\": 2432232314}")));

    [Fact]
    public void A_secret_has_256_bits_and_is_never_the_same()
    {
        Assert.Equal(32, Convert.FromBase64String(WebhookSecret.New()["whsec_".Length..]).Length);
        Assert.NotEqual(WebhookSecret.New(), WebhookSecret.New());
    }
}
