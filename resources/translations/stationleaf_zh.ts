<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>desk</name>
    <message>
        <source>Not assigned</source>
        <translation>未分配</translation>
    </message>
    <message>
        <source>Everybody has a station.</source>
        <translation>每个人都有工位。</translation>
    </message>
    <message>
        <source>Nobody is assigned</source>
        <translation>无人分配</translation>
    </message>
    <message>
        <source>another supervisor&apos;s line</source>
        <translation>其他主管的产线</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>no kiosk</source>
        <translation>无终端</translation>
    </message>
    <message>
        <source>Reading the board …</source>
        <translation>正在读取看板…</translation>
    </message>
    <message>
        <source>Why this move?</source>
        <translation>为什么调动？</translation>
    </message>
    <message>
        <source>It goes on record with your name.</source>
        <translation>将以您的名字记录。</translation>
    </message>
    <message>
        <source>Somebody is ill</source>
        <translation>有人生病</translation>
    </message>
    <message>
        <source>Covers a break</source>
        <translation>顶替休息</translation>
    </message>
    <message>
        <source>Rush order</source>
        <translation>急单</translation>
    </message>
    <message>
        <source>Learns the station</source>
        <translation>学习该工位</translation>
    </message>
    <message>
        <source>No instructions are in force here</source>
        <translation>此处没有有效的作业指导书</translation>
    </message>
    <message>
        <source>Asking the hub …</source>
        <translation>正在询问服务器…</translation>
    </message>
    <message>
        <source>Takes the person off the station</source>
        <translation>将此人调离工位</translation>
    </message>
    <message>
        <source>Already here</source>
        <translation>已在此处</translation>
    </message>
    <message>
        <source>moving …</source>
        <translation>正在调动…</translation>
    </message>
    <message>
        <source>has no active badge</source>
        <translation>没有有效工卡</translation>
    </message>
    <message>
        <source>has not signed: {clients}</source>
        <translation>未签署：{clients}</translation>
    </message>
    <message>
        <source>from {time}</source>
        <translation>{time} 起</translation>
    </message>
    <message>
        <source>{where}, until {time}</source>
        <translation>{where}，至 {time}</translation>
    </message>
    <message>
        <source>at {kiosk}, not here</source>
        <translation>在 {kiosk}，不在此处</translation>
    </message>
    <message>
        <source>at {kiosk} now</source>
        <translation>现在在 {kiosk}</translation>
    </message>
    <message>
        <source>relief</source>
        <translation>替班</translation>
    </message>
    <message>
        <source>not signed in</source>
        <translation>未登录</translation>
    </message>
    <message>
        <source>free</source>
        <translation>空闲</translation>
    </message>
    <message>
        <source>blocked</source>
        <translation>已封锁</translation>
    </message>
    <message>
        <source>online</source>
        <translation>在线</translation>
    </message>
    <message>
        <source>never seen</source>
        <translation>从未出现</translation>
    </message>
    <message>
        <source>offline since {time}</source>
        <translation>{time} 起离线</translation>
    </message>
    <message>
        <source>a record is damaged: tell IT</source>
        <translation>有记录损坏：请通知 IT</translation>
    </message>
    <message>
        <source>records nothing: enrol it again</source>
        <translation>不再记录：请重新登记</translation>
    </message>
    <message>
        <source>no lease</source>
        <translation>无阅读许可</translation>
    </message>
    <message>
        <source>{here} of {count} pages</source>
        <translation>{here} / {count} 页</translation>
    </message>
    <message>
        <source>until {time}</source>
        <translation>至 {time}</translation>
    </message>
    <message>
        <source>1 event waits</source>
        <translation>1 条记录待传</translation>
    </message>
    <message>
        <source>{count} events wait</source>
        <translation>{count} 条记录待传</translation>
    </message>
    <message>
        <source>1 page</source>
        <translation>1 页</translation>
    </message>
    <message>
        <source>no pages</source>
        <translation>无页面</translation>
    </message>
    <message>
        <source>{count} pages</source>
        <translation>{count} 页</translation>
    </message>
    <message>
        <source>locked down</source>
        <translation>已锁定</translation>
    </message>
    <message>
        <source>Can read all {pages} pages here</source>
        <translation>可阅读此处全部 {pages} 页</translation>
    </message>
    <message>
        <source>person</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>kiosk</source>
        <translation>终端</translation>
    </message>
    <message>
        <source>station</source>
        <translation>工位</translation>
    </message>
    <message>
        <source>line</source>
        <translation>产线</translation>
    </message>
    <message>
        <source>site</source>
        <translation>工厂</translation>
    </message>
    <message>
        <source>{name} is being moved already.</source>
        <translation>{name} 正在调动中。</translation>
    </message>
    <message>
        <source>{name} works here as relief or later; move the card of the station of now.</source>
        <translation>{name} 在此替班或稍后才来；请移动其当前工位的卡片。</translation>
    </message>
    <message>
        <source>{name} works on another supervisor&apos;s line.</source>
        <translation>{name} 在其他主管的产线工作。</translation>
    </message>
    <message>
        <source>{name} was taken off the station.</source>
        <translation>{name} 已调离工位。</translation>
    </message>
    <message>
        <source>{name} works at {station} now.</source>
        <translation>{name} 现在在 {station} 工作。</translation>
    </message>
    <message>
        <source>{name} to {station}.</source>
        <translation>{name} 到 {station}。</translation>
    </message>
    <message>
        <source>{by} took {name} off {station}.</source>
        <translation>{by} 将 {name} 调离 {station}。</translation>
    </message>
    <message>
        <source>{by} moved {name} to {station}.</source>
        <translation>{by} 将 {name} 调到 {station}。</translation>
    </message>
    <message>
        <source>{name} is back.</source>
        <translation>{name} 已调回。</translation>
    </message>
    <message>
        <source>{people} people at {stations} stations</source>
        <translation>{stations} 个工位共 {people} 人</translation>
    </message>
    <message>
        <source>{count} without anybody</source>
        <translation>{count} 个无人</translation>
    </message>
    <message>
        <source>{count} of {all} kiosks offline</source>
        <translation>{all} 台终端中 {count} 台离线</translation>
    </message>
    <message>
        <source>Also here: {name}</source>
        <translation>也在此：{name}</translation>
    </message>
    <message>
        <source>Also here: {name} and {count} more</source>
        <translation>也在此：{name} 和另外 {count} 人</translation>
    </message>
    <message>
        <source>I am coming</source>
        <translation>我来</translation>
    </message>
    <message>
        <source>End the call</source>
        <translation>结束呼叫</translation>
    </message>
    <message>
        <source>since {time} ({minutes} min)</source>
        <translation>{time} 起（{minutes} 分钟）</translation>
    </message>
    <message>
        <source>calls for help</source>
        <translation>呼叫帮助</translation>
    </message>
    <message>
        <source>{told}, {since}</source>
        <translation>{told}，{since}</translation>
    </message>
    <message>
        <source>Help! {time}</source>
        <translation>求助！{time}</translation>
    </message>
    <message>
        <source>{name} is coming</source>
        <translation>{name} 正赶来</translation>
    </message>
</context>
<context>
    <name>kiosk</name>
    <message>
        <source>Tap your badge</source>
        <translation>请刷工卡</translation>
    </message>
    <message>
        <source>Hold it flat against the reader until this screen changes.</source>
        <translation>请将工卡平贴读卡器，直到屏幕变化。</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>正在启动</translation>
    </message>
    <message>
        <source>You can tap your badge already.</source>
        <translation>您已经可以刷卡。</translation>
    </message>
    <message>
        <source>One moment</source>
        <translation>请稍候</translation>
    </message>
    <message>
        <source>Your badge was read and is being checked.</source>
        <translation>已读取工卡，正在核对。</translation>
    </message>
    <message>
        <source>This kiosk is not set up yet</source>
        <translation>本终端尚未设置</translation>
    </message>
    <message>
        <source>An administrator enrols it with a one-time code from the hub.</source>
        <translation>管理员用服务器的一次性代码登记。</translation>
    </message>
    <message>
        <source>This kiosk cannot work now</source>
        <translation>本终端现在无法工作</translation>
    </message>
    <message>
        <source>Call maintenance.</source>
        <translation>请叫维护人员。</translation>
    </message>
    <message>
        <source>Trouble</source>
        <translation>故障</translation>
    </message>
    <message>
        <source>It tries again by itself; a tap on the screen or with your badge tries at once.</source>
        <translation>会自动重试；点按屏幕或刷卡可立即重试。</translation>
    </message>
    <message>
        <source>Something went wrong in this program.</source>
        <translation>程序出现问题。</translation>
    </message>
    <message>
        <source>Tell IT: the details are in the kiosk&apos;s log.</source>
        <translation>请告知 IT：详情在终端日志中。</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>上一页</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一页</translation>
    </message>
    <message>
        <source>First page</source>
        <translation>第一页</translation>
    </message>
    <message>
        <source>Last page</source>
        <translation>最后一页</translation>
    </message>
    <message>
        <source>Smaller</source>
        <translation>缩小</translation>
    </message>
    <message>
        <source>Larger</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>Fit page</source>
        <translation>适合整页</translation>
    </message>
    <message>
        <source>Fit width</source>
        <translation>适合宽度</translation>
    </message>
    <message>
        <source>All pages</source>
        <translation>所有页面</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>菜单</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Play the clip</source>
        <translation>播放短片</translation>
    </message>
    <message>
        <source>Pause the clip</source>
        <translation>暂停短片</translation>
    </message>
    <message>
        <source>Go on with the clip</source>
        <translation>继续播放短片</translation>
    </message>
    <message>
        <source>Close the clip</source>
        <translation>关闭短片</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>锁定</translation>
    </message>
    <message>
        <source>Confirm</source>
        <translation>确认</translation>
    </message>
    <message>
        <source>Sign</source>
        <translation>签名</translation>
    </message>
    <message>
        <source>Take the confirmation back</source>
        <translation>撤回确认</translation>
    </message>
    <message>
        <source>How this kiosk stands</source>
        <translation>本终端的状态</translation>
    </message>
    <message>
        <source>Pages that you may not read</source>
        <translation>您无权阅读的页面</translation>
    </message>
    <message>
        <source>English</source>
        <translation>英语</translation>
    </message>
    <message>
        <source>Spanish</source>
        <translation>西班牙语</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>中文</translation>
    </message>
    <message>
        <source>Malay</source>
        <translation>马来语</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>帮助</translation>
    </message>
    <message>
        <source>Call for help</source>
        <translation>呼叫帮助</translation>
    </message>
    <message>
        <source>Take the call for help back</source>
        <translation>撤回呼叫</translation>
    </message>
    <message>
        <source>What is it?</source>
        <translation>什么事？</translation>
    </message>
    <message>
        <source>Something is wrong on this page</source>
        <translation>这一页有问题</translation>
    </message>
    <message>
        <source>Draw around the place with a finger. It goes to quality with the page.</source>
        <translation>用手指圈出位置，随页面发给质量部门。</translation>
    </message>
    <message>
        <source>It is here</source>
        <translation>就是这里</translation>
    </message>
    <message>
        <source>What is wrong there?</source>
        <translation>那里有什么问题？</translation>
    </message>
    <message>
        <source>Say it in a few words</source>
        <translation>用几句话说明</translation>
    </message>
    <message>
        <source>1234567890QWERTYUIOPASDFGHJKL-ZXCVBNM,.?</source>
        <translation>1234567890QWERTYUIOPASDFGHJKL-ZXCVBNM,.?</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>空格</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>撤回</translation>
    </message>
    <message>
        <source>Admit somebody</source>
        <translation>准许他人</translation>
    </message>
    <message>
        <source>Break glass</source>
        <translation>紧急查看</translation>
    </message>
    <message>
        <source>What changed</source>
        <translation>变更内容</translation>
    </message>
    <message>
        <source>I have read it</source>
        <translation>我已阅读</translation>
    </message>
    <message>
        <source>Board</source>
        <translation>看板</translation>
    </message>
    <message>
        <source>Close the board</source>
        <translation>关闭看板</translation>
    </message>
    <message>
        <source>End the kiosk program? Nobody can read here until it is started again.</source>
        <translation>要结束本终端的程序吗？重新启动之前，任何人都无法在此阅读。</translation>
    </message>
    <message>
        <source>End the program</source>
        <translation>结束程序</translation>
    </message>
    <message>
        <source>Set PIN</source>
        <translation>设置 PIN</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>稍后</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>OK</source>
        <translation>确定</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>提示</translation>
    </message>
    <message>
        <source>Please note</source>
        <translation>请注意</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>问题</translation>
    </message>
    <message>
        <source>p. {number}</source>
        <translation>{number}</translation>
    </message>
    <message>
        <source>{name}: now touch the station to go to</source>
        <translation>{name}：现在请点按目标工位</translation>
    </message>
    <message>
        <source>{name} is at the board</source>
        <translation>{name} 正在使用看板</translation>
    </message>
    <message>
        <source>Rev {revision}</source>
        <translation>版本 {revision}</translation>
    </message>
    <message>
        <source>{page} of {count}</source>
        <translation>第 {page}/{count} 页</translation>
    </message>
    <message>
        <source>This page is only in {language}</source>
        <translation>这一页只有{language}版</translation>
    </message>
    <message>
        <source>Only in {language}</source>
        <translation>只有{language}版</translation>
    </message>
    <message>
        <source>{done} of {count} done</source>
        <translation>已完成 {done}/{count}</translation>
    </message>
    <message>
        <source>Step {step}</source>
        <translation>步骤 {step}</translation>
    </message>
    <message>
        <source>Called at {time}: {name} is coming</source>
        <translation>{time} 已呼叫：{name} 正在赶来</translation>
    </message>
    <message>
        <source>{name} is coming</source>
        <translation>{name} 正在赶来</translation>
    </message>
    <message>
        <source>Help called at {time}</source>
        <translation>已于 {time} 呼叫帮助</translation>
    </message>
    <message>
        <source>Calling for help …</source>
        <translation>正在呼叫帮助…</translation>
    </message>
    <message>
        <source>Call at {time} not sent: call out</source>
        <translation>{time} 的呼叫未发出：请大声呼叫</translation>
    </message>
    <message>
        <source>Call not sent</source>
        <translation>呼叫未发出</translation>
    </message>
    <message>
        <source>Your remark goes to quality in {seconds} s</source>
        <translation>您的意见将在 {seconds} 秒后发给质量部门</translation>
    </message>
    <message>
        <source>Takt {spent} of {takt}</source>
        <translation>节拍 {spent} / {takt}</translation>
    </message>
    <message>
        <source>Why does the confirmation of step {step} not hold?</source>
        <translation>为什么撤回步骤 {step} 的确认？</translation>
    </message>
    <message>
        <source>{document}: what changed in revision {revision}</source>
        <translation>{document}：版本 {revision} 的变更</translation>
    </message>
    <message>
        <source>Confirm when you have read it</source>
        <translation>阅读后请确认</translation>
    </message>
    <message>
        <source>1 more to look at</source>
        <translation>还有 1 处要看</translation>
    </message>
    <message>
        <source>{count} more to look at</source>
        <translation>还有 {count} 处要看</translation>
    </message>
    <message>
        <source>{what}. {left}</source>
        <translation>{what}。{left}</translation>
    </message>
    <message>
        <source>Gone since revision {revision}</source>
        <translation>版本 {revision} 中已删除</translation>
    </message>
    <message>
        <source>Before: revision {revision}</source>
        <translation>之前：版本 {revision}</translation>
    </message>
    <message>
        <source>New page in revision {revision}</source>
        <translation>版本 {revision} 的新页</translation>
    </message>
    <message>
        <source>Now: revision {revision}. The page before is no longer here; changes are marked.</source>
        <translation>现在：版本 {revision}。之前的页面已不在此处；变更处已标出。</translation>
    </message>
    <message>
        <source>Now: revision {revision}</source>
        <translation>现在：版本 {revision}</translation>
    </message>
    <message>
        <source>Page {number} is on its way …</source>
        <translation>第 {number} 页即将显示…</translation>
    </message>
    <message>
        <source>Locks in {seconds} second  ·  touch the screen to stay</source>
        <translation>{seconds} 秒后锁定  ·  点按屏幕以继续</translation>
    </message>
    <message>
        <source>Locks in {seconds} seconds  ·  touch the screen to stay</source>
        <translation>{seconds} 秒后锁定  ·  点按屏幕以继续</translation>
    </message>
    <message>
        <source>Locks in {seconds} s</source>
        <translation>{seconds} 秒后锁定</translation>
    </message>
    <message>
        <source>Online</source>
        <translation>在线</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>离线</translation>
    </message>
    <message>
        <source>Offline since {time}</source>
        <translation>自 {time} 起离线</translation>
    </message>
    <message>
        <source>No pages yet</source>
        <translation>还没有页面</translation>
    </message>
    <message>
        <source>Reading time ended {time}</source>
        <translation>阅读时间已于 {time} 结束</translation>
    </message>
    <message>
        <source>Reading time ended</source>
        <translation>阅读时间已结束</translation>
    </message>
    <message>
        <source>Readable until {time}</source>
        <translation>可阅读至 {time}</translation>
    </message>
    <message>
        <source>until {time}</source>
        <translation>至 {time}</translation>
    </message>
    <message>
        <source>Readable until {time}, {left} left</source>
        <translation>可阅读至 {time}，剩余 {left}</translation>
    </message>
    <message>
        <source>until {time}, {left}</source>
        <translation>至 {time}，{left}</translation>
    </message>
    <message>
        <source>The time for reading pages here ended {time}.</source>
        <translation>此处阅读已于 {time} 结束。</translation>
    </message>
    <message>
        <source>Pages can be read here until {time}: {left} left.</source>
        <translation>此处可阅读至 {time}：剩余 {left}。</translation>
    </message>
    <message>
        <source>The hub answers but does not extend the reading time. A supervisor calls IT and reads out what this line says.</source>
        <translation>服务器有响应，但没有延长阅读时间。请主管致电 IT 并读出此行内容。</translation>
    </message>
    <message>
        <source>To extend the reading time, reconnect this kiosk to the hub: the rest goes by itself within a minute. If the hub is down, a supervisor calls IT and says until when it is needed.</source>
        <translation>要延长阅读时间，请将本终端重新连接到服务器：其余在一分钟内自动完成。如果服务器停机，请主管致电 IT 并说明需要到何时。</translation>
    </message>
    <message>
        <source>{hours} h</source>
        <translation>{hours} 小时</translation>
    </message>
    <message>
        <source>{minutes} min</source>
        <translation>{minutes} 分钟</translation>
    </message>
    <message>
        <source>All recorded at the hub</source>
        <translation>全部已记录</translation>
    </message>
    <message>
        <source>Recorded</source>
        <translation>已记录</translation>
    </message>
    <message>
        <source>1 event waits</source>
        <translation>1 条记录待传</translation>
    </message>
    <message>
        <source>{count} events wait</source>
        <translation>{count} 条记录待传</translation>
    </message>
    <message>
        <source>{count} waiting</source>
        <translation>{count} 条待传</translation>
    </message>
    <message>
        <source>Fetching pages {done} of {total}</source>
        <translation>正在获取页面 {done}/{total}</translation>
    </message>
    <message>
        <source>{done}/{total} pages</source>
        <translation>{done}/{total} 页</translation>
    </message>
    <message>
        <source>Next try in {time}</source>
        <translation>{time} 后可再试</translation>
    </message>
    <message>
        <source>1 try left</source>
        <translation>还剩 1 次机会</translation>
    </message>
    <message>
        <source>{count} tries left</source>
        <translation>还剩 {count} 次机会</translation>
    </message>
    <message>
        <source>{tries}, then the PIN is blocked</source>
        <translation>{tries}，之后 PIN 码将被锁定</translation>
    </message>
    <message>
        <source>Break-glass: pages of {station} until {time}. Every look is reviewed.</source>
        <translation>紧急查看：{station} 的页面，至 {time}。每次查看都会被审查。</translation>
    </message>
    <message>
        <source>Break-glass: {station} until {time}</source>
        <translation>紧急查看：{station}，至 {time}</translation>
    </message>
    <message>
        <source>Admitted without the hub by {name} until {time}.</source>
        <translation>离线准许：{name}，至 {time}。</translation>
    </message>
    <message>
        <source>Admitted until {time}</source>
        <translation>准许至 {time}</translation>
    </message>
    <message>
        <source>{client}, version {version}</source>
        <translation>{client}，版本 {version}</translation>
    </message>
    <message>
        <source>{read} of {count} pages read</source>
        <translation>已读 {read}/{count} 页</translation>
    </message>
    <message>
        <source>Read: tap your badge to sign</source>
        <translation>已读：刷卡签署</translation>
    </message>
    <message>
        <source>Please read all of it: {read} of {count} pages read. You sign it with badge and PIN at the end.</source>
        <translation>请通读全文：已读 {read} 页，共 {count} 页。最后用工卡和 PIN 码签署。</translation>
    </message>
    <message>
        <source>To sign, tap your badge now and enter your PIN. By that you say: I have read this agreement and keep to it.</source>
        <translation>要签署，请立即刷卡并输入 PIN 码。您以此声明：我已阅读本协议并遵守。</translation>
    </message>
    <message>
        <source>dddd d MMMM</source>
        <translation>M月d日 dddd</translation>
    </message>
    <message>
        <source>ddd d MMM</source>
        <translation>M月d日 ddd</translation>
    </message>
</context>
<context>
    <name>said</name>
    <message>
        <source>The hub&apos;s lease has no key for a page that you may read.</source>
        <translation>服务器的授权中缺少您可阅读页面的密钥。</translation>
    </message>
    <message>
        <source>Tell your supervisor; another tap asks the hub again.</source>
        <translation>请告知主管；再次刷卡会重新询问服务器。</translation>
    </message>
    <message>
        <source>The keys that the hub sent do not open with this badge.</source>
        <translation>服务器发来的密钥无法用此工卡打开。</translation>
    </message>
    <message>
        <source>Tap again; if it stays, have the badge issued again.</source>
        <translation>请再刷一次；如果仍然如此，请重新办理工卡。</translation>
    </message>
    <message>
        <source>This page was damaged on this kiosk.</source>
        <translation>此页面在本终端上已损坏。</translation>
    </message>
    <message>
        <source>It is being fetched again.</source>
        <translation>正在重新获取。</translation>
    </message>
    <message>
        <source>This clip is still being fetched.</source>
        <translation>此短片仍在获取中。</translation>
    </message>
    <message>
        <source>Touch it again in a moment.</source>
        <translation>请稍后再点按一次。</translation>
    </message>
    <message>
        <source>This clip was damaged on this kiosk.</source>
        <translation>此短片在本终端上已损坏。</translation>
    </message>
    <message>
        <source>It is being fetched again: touch it in a moment.</source>
        <translation>正在重新获取：请稍后再点按。</translation>
    </message>
    <message>
        <source>The stored clip is not the clip that was published, so it is not played.</source>
        <translation>保存的短片不是已发布的短片，因此不予播放。</translation>
    </message>
    <message>
        <source>The clip stopped playing.</source>
        <translation>短片已停止播放。</translation>
    </message>
    <message>
        <source>Touch it to play it again.</source>
        <translation>点按即可再次播放。</translation>
    </message>
    <message>
        <source>This clip cannot be played.</source>
        <translation>此短片无法播放。</translation>
    </message>
    <message>
        <source>Tell the document controller which page it is; the page itself works.</source>
        <translation>请告知文控部门是哪一页；该页面本身可用。</translation>
    </message>
    <message>
        <source>This page is still being fetched.</source>
        <translation>此页面仍在获取中。</translation>
    </message>
    <message>
        <source>It appears by itself.</source>
        <translation>获取后会自动显示。</translation>
    </message>
    <message>
        <source>Something went wrong in this program, so it was locked.</source>
        <translation>程序出现问题，因此已锁定。</translation>
    </message>
    <message>
        <source>Tap your badge to go on. If it happens again, tell IT: the details are in the kiosk&apos;s log.</source>
        <translation>请刷卡继续。如果再次发生，请告知 IT：详情在终端日志中。</translation>
    </message>
    <message>
        <source>This kiosk has no lease any more.</source>
        <translation>本终端已没有授权。</translation>
    </message>
    <message>
        <source>Ask your supervisor.</source>
        <translation>请询问主管。</translation>
    </message>
    <message>
        <source>Badge and PIN do not match.</source>
        <translation>工卡与 PIN 不符。</translation>
    </message>
    <message>
        <source>Enter your PIN again. If it is right, ask your supervisor whether you work at this line.</source>
        <translation>请重新输入 PIN 码。如果 PIN 码正确，请向主管确认您是否在此产线工作。</translation>
    </message>
    <message>
        <source>Please wait before the next try.</source>
        <translation>请稍候再试。</translation>
    </message>
    <message>
        <source>This badge&apos;s PIN was wrong too often.</source>
        <translation>此工卡的 PIN 码输错次数过多。</translation>
    </message>
    <message>
        <source>Ask your supervisor for a PIN code, then set a new PIN.</source>
        <translation>请向主管索取 PIN 设置代码，然后设置新的 PIN 码。</translation>
    </message>
    <message>
        <source>Enter all of them.</source>
        <translation>请全部输入。</translation>
    </message>
    <message>
        <source>Enter your PIN</source>
        <translation>请输入 PIN 码</translation>
    </message>
    <message>
        <source>To set a PIN, tap your badge now.</source>
        <translation>要设置 PIN 码，请现在刷卡。</translation>
    </message>
    <message>
        <source>Have the code from your supervisor at hand: it is valid for 15 minutes.</source>
        <translation>请备好主管的代码：15 分钟内有效。</translation>
    </message>
    <message>
        <source>A PIN can be set only while the hub is reachable.</source>
        <translation>只有在连接服务器时才能设置 PIN 码。</translation>
    </message>
    <message>
        <source>Go on with your badge; set the PIN when the status line says Online.</source>
        <translation>请继续使用工卡；当状态栏显示“在线”时再设置 PIN 码。</translation>
    </message>
    <message>
        <source>Your PIN is being set</source>
        <translation>正在设置您的 PIN 码</translation>
    </message>
    <message>
        <source>One moment.</source>
        <translation>请稍候。</translation>
    </message>
    <message>
        <source>Your PIN is set.</source>
        <translation>您的 PIN 码已设置。</translation>
    </message>
    <message>
        <source>From now on: tap your badge, then enter the PIN.</source>
        <translation>今后请先刷卡，再输入 PIN 码。</translation>
    </message>
    <message>
        <source>This card needs no PIN here.</source>
        <translation>此卡在这里不需要 PIN 码。</translation>
    </message>
    <message>
        <source>Tap a plant badge, or cancel.</source>
        <translation>请刷工厂工卡，或取消。</translation>
    </message>
    <message>
        <source>Choose a PIN</source>
        <translation>请选择 PIN 码</translation>
    </message>
    <message>
        <source>Enter the same PIN once more</source>
        <translation>请再次输入相同的 PIN 码</translation>
    </message>
    <message>
        <source>The two PINs differ.</source>
        <translation>两次输入的 PIN 码不同。</translation>
    </message>
    <message>
        <source>Choose it once more.</source>
        <translation>请重新选择。</translation>
    </message>
    <message>
        <source>Your access to this station has ended.</source>
        <translation>您对本工位的访问已结束。</translation>
    </message>
    <message>
        <source>See your supervisor for your next station.</source>
        <translation>请向主管询问您的下一个工位。</translation>
    </message>
    <message>
        <source>Your assignment to this station has ended.</source>
        <translation>您在此工位的安排已结束。</translation>
    </message>
    <message>
        <source>Finish the step in hand: this page closes in {count} seconds.</source>
        <translation>请完成手头步骤：此页 {count} 秒后关闭。</translation>
    </message>
    <message>
        <source>An older copy of this kiosk&apos;s files was put back, so it shows nothing.</source>
        <translation>本终端的文件被换成了旧副本，因此不显示任何内容。</translation>
    </message>
    <message>
        <source>Reconnect the network: it goes on by itself once the hub has confirmed it. Tell IT and quality.</source>
        <translation>请重新连接网络：服务器确认后会自动继续。请告知 IT 和质量部门。</translation>
    </message>
    <message>
        <source>This kiosk waits for its approval.</source>
        <translation>本终端正在等待批准。</translation>
    </message>
    <message>
        <source>A second administrator compares the number.</source>
        <translation>由第二位管理员核对号码。</translation>
    </message>
    <message>
        <source>The reader delivered signs that no badge number has.</source>
        <translation>读卡器读到了工卡号中不存在的字符。</translation>
    </message>
    <message>
        <source>Tap again. If it stays, tell IT to check the reader&apos;s settings.</source>
        <translation>请再刷一次。如果仍然如此，请 IT 检查读卡器设置。</translation>
    </message>
    <message>
        <source>This is not a badge of this plant.</source>
        <translation>这不是本工厂的工卡。</translation>
    </message>
    <message>
        <source>This badge is of another facility.</source>
        <translation>这是其他厂区的工卡。</translation>
    </message>
    <message>
        <source>This plant&apos;s badge numbers have digits only.</source>
        <translation>本工厂的工卡号只有数字。</translation>
    </message>
    <message>
        <source>The badge was not read completely.</source>
        <translation>工卡未读取完整。</translation>
    </message>
    <message>
        <source>Hold it still and tap again.</source>
        <translation>请拿稳后再刷一次。</translation>
    </message>
    <message>
        <source>This is longer than this plant&apos;s badge numbers.</source>
        <translation>这比本工厂的工卡号长。</translation>
    </message>
    <message>
        <source>Tap one badge only, once.</source>
        <translation>请只刷一张卡，一次。</translation>
    </message>
    <message>
        <source>Plug its cable in again; it is found by itself. If not, tell IT.</source>
        <translation>请重新插好线缆；会自动识别。如果没有，请告知 IT。</translation>
    </message>
    <message>
        <source>The badge was taken away too soon.</source>
        <translation>工卡移开得太早。</translation>
    </message>
    <message>
        <source>Tap again and hold it until the screen answers.</source>
        <translation>请再刷一次，并保持到屏幕有反应。</translation>
    </message>
    <message>
        <source>The reader cannot talk to this card.</source>
        <translation>读卡器无法与此卡通信。</translation>
    </message>
    <message>
        <source>Turn it over or tap another one; if it stays so, have the badge checked.</source>
        <translation>请翻面或换一张卡；如果仍然如此，请检查工卡。</translation>
    </message>
    <message>
        <source>Another program is using the badge reader.</source>
        <translation>另一个程序正在使用读卡器。</translation>
    </message>
    <message>
        <source>Tap again; if it stays so, tell IT.</source>
        <translation>请再刷一次；如果仍然如此，请告知 IT。</translation>
    </message>
    <message>
        <source>Here a card with a chip key is needed, and this badge has none.</source>
        <translation>这里需要带芯片密钥的卡，而此工卡没有。</translation>
    </message>
    <message>
        <source>Use the card that the badge office gave you.</source>
        <translation>请使用工卡办公室发给您的卡。</translation>
    </message>
    <message>
        <source>This card has no badge number that the reader can read.</source>
        <translation>此卡没有读卡器可读取的工卡号。</translation>
    </message>
    <message>
        <source>Tap your plant badge, alone: not with other cards in the same holder.</source>
        <translation>请单独刷工厂工卡：不要与同一卡套中的其他卡一起。</translation>
    </message>
    <message>
        <source>This card or phone gives a new number at each tap, so it cannot be a badge.</source>
        <translation>此卡或手机每次给出的号码不同，因此不能作为工卡。</translation>
    </message>
    <message>
        <source>Tap your plant badge, alone: not with a phone or other cards.</source>
        <translation>请单独刷工厂工卡：不要与手机或其他卡一起。</translation>
    </message>
    <message>
        <source>Choose one without rows, repeats or your badge&apos;s digits.</source>
        <translation>请选择没有连号、重复或工卡号数字的 PIN 码。</translation>
    </message>
    <message>
        <source>Choose another one.</source>
        <translation>请换一个。</translation>
    </message>
    <message>
        <source>These pages open with badge and PIN, and you signed in with the badge alone.</source>
        <translation>这些页面需要工卡和 PIN 码，而您只用了工卡登录。</translation>
    </message>
    <message>
        <source>To get a PIN, ask your supervisor for a PIN code, then touch “Set PIN” on the badge screen.</source>
        <translation>要获得 PIN 码，请向主管索取代码，然后在刷卡界面点按“设置 PIN”。</translation>
    </message>
    <message>
        <source>This kiosk is blocked.</source>
        <translation>本终端已被封锁。</translation>
    </message>
    <message>
        <source>Work at another kiosk and tell your supervisor: the hub must release this one.</source>
        <translation>请使用其他终端并告知主管：须由服务器解除封锁。</translation>
    </message>
    <message>
        <source>The time for reading these pages without the hub has run out.</source>
        <translation>离线阅读这些页面的时间已用完。</translation>
    </message>
    <message>
        <source>Reconnect the network; the pages come back by themselves.</source>
        <translation>请重新连接网络；页面会自动恢复。</translation>
    </message>
    <message>
        <source>This kiosk&apos;s clock cannot be trusted.</source>
        <translation>本终端的时钟不可信。</translation>
    </message>
    <message>
        <source>Reconnect the network so that the hub can set the time.</source>
        <translation>请重新连接网络，以便服务器校准时间。</translation>
    </message>
    <message>
        <source>These pages belong to another station.</source>
        <translation>这些页面属于其他工位。</translation>
    </message>
    <message>
        <source>Go to the kiosk of that station, or ask your supervisor.</source>
        <translation>请到该工位的终端，或询问主管。</translation>
    </message>
    <message>
        <source>Your badge is no longer active.</source>
        <translation>您的工卡已失效。</translation>
    </message>
    <message>
        <source>See your supervisor or the badge office.</source>
        <translation>请找主管或工卡办公室。</translation>
    </message>
    <message>
        <source>You are not assigned to this station now.</source>
        <translation>您目前未被分配到本工位。</translation>
    </message>
    <message>
        <source>Ask your supervisor to assign you; it takes effect at once.</source>
        <translation>请主管为您分配；立即生效。</translation>
    </message>
    <message>
        <source>Your role does not include reading work instructions.</source>
        <translation>您的角色不包括阅读作业指导书。</translation>
    </message>
    <message>
        <source>Ask an operator, or have your roles changed.</source>
        <translation>请询问操作员，或申请更改角色。</translation>
    </message>
    <message>
        <source>This product is not built at this station.</source>
        <translation>此产品不在本工位生产。</translation>
    </message>
    <message>
        <source>Check the work order with your line lead.</source>
        <translation>请与线长核对工单。</translation>
    </message>
    <message>
        <source>These pages are more confidential than your badge may open here.</source>
        <translation>这些页面的保密级别超出您工卡的权限。</translation>
    </message>
    <message>
        <source>Sign in with badge and PIN where you have one, or ask your supervisor.</source>
        <translation>如有 PIN 码，请用工卡和 PIN 码登录，或询问主管。</translation>
    </message>
    <message>
        <source>You have not signed this client&apos;s current confidentiality agreement.</source>
        <translation>您尚未签署该客户的现行保密协议。</translation>
    </message>
    <message>
        <source>Ask your supervisor for the agreement, then tap again.</source>
        <translation>请向主管索取协议，然后再次刷卡。</translation>
    </message>
    <message>
        <source>Your signature under this client&apos;s confidentiality agreement has lapsed.</source>
        <translation>您在该客户保密协议上的签名已过期。</translation>
    </message>
    <message>
        <source>Your signature under this client&apos;s confidentiality agreement was withdrawn.</source>
        <translation>您在该客户保密协议上的签名已被撤销。</translation>
    </message>
    <message>
        <source>Ask your supervisor or quality; you cannot sign it again here.</source>
        <translation>请咨询主管或质量部门；您不能在此重新签署。</translation>
    </message>
    <message>
        <source>This client&apos;s confidentiality agreement has a new version that you have not signed.</source>
        <translation>该客户的保密协议有新版本，您尚未签署。</translation>
    </message>
    <message>
        <source>Tap your badge again to read and sign it.</source>
        <translation>请再次刷卡以阅读并签署。</translation>
    </message>
    <message>
        <source>It is signed here with badge and PIN: ask your supervisor for a PIN code, then touch “Set PIN”.</source>
        <translation>需在此用工卡和 PIN 码签署：请向主管索取代码，然后点按“设置 PIN”。</translation>
    </message>
    <message>
        <source>Enter your PIN to sign</source>
        <translation>输入 PIN 码以签署</translation>
    </message>
    <message>
        <source>Please read every page of the agreement first.</source>
        <translation>请先阅读协议的每一页。</translation>
    </message>
    <message>
        <source>Touch “Next” for the following page; then tap your badge to sign.</source>
        <translation>点按“下一页”继续阅读；然后刷卡签署。</translation>
    </message>
    <message>
        <source>This agreement changed, or nothing depends on it any more.</source>
        <translation>该协议已更改，或已不再需要。</translation>
    </message>
    <message>
        <source>Tap your badge again.</source>
        <translation>请再次刷卡。</translation>
    </message>
    <message>
        <source>You are not trained on this revision yet.</source>
        <translation>您尚未接受此版本的培训。</translation>
    </message>
    <message>
        <source>Ask your supervisor to record the training, then tap again.</source>
        <translation>请主管登记培训，然后再次刷卡。</translation>
    </message>
    <message>
        <source>You have not read yet what changed in them.</source>
        <translation>您尚未阅读其中的变更。</translation>
    </message>
    <message>
        <source>Touch “What changed”, read it, and confirm: then the pages open.</source>
        <translation>请点按“变更内容”，阅读并确认：然后页面打开。</translation>
    </message>
    <message>
        <source>These pages were replaced by a newer revision.</source>
        <translation>这些页面已被较新的版本取代。</translation>
    </message>
    <message>
        <source>Work by the pages in force.</source>
        <translation>请按有效页面作业。</translation>
    </message>
    <message>
        <source>A new revision of these instructions is in force.</source>
        <translation>这些作业指导书的新版本已生效。</translation>
    </message>
    <message>
        <source>Finish this step. When you turn the page, what changed is shown first.</source>
        <translation>请完成此步骤。翻页时先显示变更。</translation>
    </message>
    <message>
        <source>A new revision of some instructions is in force.</source>
        <translation>部分作业指导书的新版本已生效。</translation>
    </message>
    <message>
        <source>Touch “What changed” to read it: then its pages open.</source>
        <translation>请点按“变更内容”阅读：然后页面打开。</translation>
    </message>
    <message>
        <source>This revision is not in force.</source>
        <translation>此版本未生效。</translation>
    </message>
    <message>
        <source>Tell the line lead; document control releases revisions.</source>
        <translation>请告知线长；版本由文控部门发布。</translation>
    </message>
    <message>
        <source>The limit of how much of this product may be seen here is reached.</source>
        <translation>此产品可查看内容的上限已达到。</translation>
    </message>
    <message>
        <source>Ask your supervisor: quality decides on exceptions.</source>
        <translation>请询问主管：例外由质量部门决定。</translation>
    </message>
    <message>
        <source>These pages were taken back until further notice.</source>
        <translation>这些页面已被收回，等待通知。</translation>
    </message>
    <message>
        <source>Ask your supervisor: quality decides when they return.</source>
        <translation>请询问主管：由质量部门决定何时恢复。</translation>
    </message>
    <message>
        <source>Restricted pages open only while the hub is reachable.</source>
        <translation>受限页面仅在连接服务器时可打开。</translation>
    </message>
    <message>
        <source>Reconnect the network.</source>
        <translation>请重新连接网络。</translation>
    </message>
    <message>
        <source>This look cannot be recorded, so nothing is shown.</source>
        <translation>此次查看无法记录，因此不显示任何内容。</translation>
    </message>
    <message>
        <source>The disk may be full: call maintenance. Nothing was lost.</source>
        <translation>磁盘可能已满：请叫维护人员。没有丢失任何内容。</translation>
    </message>
    <message>
        <source>{least} to {most} digits, then OK</source>
        <translation>{least} 至 {most} 位数字，然后按“确定”</translation>
    </message>
    <message>
        <source>A PIN has {least} to {most} digits.</source>
        <translation>PIN 码为 {least} 至 {most} 位数字。</translation>
    </message>
    <message>
        <source>The code has {count} digits.</source>
        <translation>代码为 {count} 位数字。</translation>
    </message>
    <message>
        <source>{count} digits, then OK</source>
        <translation>{count} 位数字，然后按“确定”</translation>
    </message>
    <message>
        <source>{least} to {most} digits, no rows or repeats, then OK</source>
        <translation>{least} 至 {most} 位数字，无连号或重复，然后按“确定”</translation>
    </message>
    <message>
        <source>The {reader} is not plugged in.</source>
        <translation>{reader}未插好。</translation>
    </message>
    <message>
        <source>1 page is withheld. {why}</source>
        <translation>有 1 页未显示。{why}</translation>
    </message>
    <message>
        <source>{count} pages are withheld. {why}</source>
        <translation>有 {count} 页未显示。{why}</translation>
    </message>
    <message>
        <source>This kiosk has no instructions yet.</source>
        <translation>本终端还没有作业指导书。</translation>
    </message>
    <message>
        <source>Wait until it has reached the hub, then tap again.</source>
        <translation>请等待连接服务器后再次刷卡。</translation>
    </message>
    <message>
        <source>This badge is not known at this line.</source>
        <translation>此产线不识别该工卡。</translation>
    </message>
    <message>
        <source>Ask your supervisor to assign you here, or go to the badge office.</source>
        <translation>请主管分配您到此处，或去工卡办公室。</translation>
    </message>
    <message>
        <source>The hub does not answer.</source>
        <translation>服务器无响应。</translation>
    </message>
    <message>
        <source>This is a serial number or a work order, not a badge.</source>
        <translation>这是序列号或工单号，不是工卡。</translation>
    </message>
    <message>
        <source>Tap your badge first, then scan it again.</source>
        <translation>请先刷工卡，然后重新扫描。</translation>
    </message>
    <message>
        <source>Scan the unit&apos;s serial number first.</source>
        <translation>请先扫描产品序列号。</translation>
    </message>
    <message>
        <source>Then confirm the step: it is recorded for that unit.</source>
        <translation>然后确认步骤：将记录到该产品。</translation>
    </message>
    <message>
        <source>Pressed by mistake</source>
        <translation>误按</translation>
    </message>
    <message>
        <source>The step has to be done again</source>
        <translation>此步骤须重做</translation>
    </message>
    <message>
        <source>It was done on another unit</source>
        <translation>做在了另一个产品上</translation>
    </message>
    <message>
        <source>I did this step as the instruction says.</source>
        <translation>我已按作业指导书完成此步骤。</translation>
    </message>
    <message>
        <source>I have read this agreement and keep to it.</source>
        <translation>我已阅读本协议并遵守。</translation>
    </message>
    <message>
        <source>Check the network; it is tried again by itself.</source>
        <translation>请检查网络；系统会自动重试。</translation>
    </message>
    <message>
        <source>My confirmation of this step does not hold.</source>
        <translation>我对此步骤的确认无效。</translation>
    </message>
    <message>
        <source>This step is signed with badge and PIN, and your badge has no PIN.</source>
        <translation>此步骤须用工卡和 PIN 码签名，而您的工卡没有 PIN 码。</translation>
    </message>
    <message>
        <source>This badge is not the one that is signed in here.</source>
        <translation>这不是在此登录的工卡。</translation>
    </message>
    <message>
        <source>Tap your own badge to sign, or cancel.</source>
        <translation>请刷您自己的工卡签名，或取消。</translation>
    </message>
    <message>
        <source>Nothing was signed.</source>
        <translation>未签名。</translation>
    </message>
    <message>
        <source>Touch “Sign” again when you are ready.</source>
        <translation>准备好后请再次点按“签名”。</translation>
    </message>
    <message>
        <source>Tap your badge, then enter your PIN.</source>
        <translation>请刷工卡，然后输入 PIN 码。</translation>
    </message>
    <message>
        <source>Tap your badge, then enter your PIN again.</source>
        <translation>请刷工卡，然后重新输入 PIN 码。</translation>
    </message>
    <message>
        <source>Sign: step {step} of {document}, revision {revision}</source>
        <translation>签名：{document} 版本 {revision} 步骤 {step}</translation>
    </message>
    <message>
        <source>Sign that this does not hold: step {step} of {document}, revision {revision}</source>
        <translation>签名撤回：{document} 版本 {revision} 步骤 {step}</translation>
    </message>
    <message>
        <source>Signed: step {step}.</source>
        <translation>已签名：步骤 {step}。</translation>
    </message>
    <message>
        <source>This step is not on an open page any more, so nothing was signed.</source>
        <translation>此步骤已不在打开的页面上，因此未签名。</translation>
    </message>
    <message>
        <source>See what changed on the page, and confirm the step there.</source>
        <translation>请查看页面的变化，并在那里确认步骤。</translation>
    </message>
    <message>
        <source>badge reader</source>
        <translation>读卡器</translation>
    </message>
    <message>
        <source>Enter the code from your supervisor</source>
        <translation>请输入主管给的代码</translation>
    </message>
    <message>
        <source>Tap your own plant badge, and no other card with it.</source>
        <translation>请刷您自己的工厂工卡，不要同时放其他卡。</translation>
    </message>
    <message>
        <source>Nobody can admit himself to a station.</source>
        <translation>任何人都不能准许自己进入工位。</translation>
    </message>
    <message>
        <source>Another supervisor of this line can.</source>
        <translation>本产线的另一位主管可以。</translation>
    </message>
    <message>
        <source>Only a supervisor of this line can admit somebody here.</source>
        <translation>只有本产线的主管才能在此准许他人。</translation>
    </message>
    <message>
        <source>Call one of this line&apos;s supervisors.</source>
        <translation>请叫本产线的一位主管。</translation>
    </message>
    <message>
        <source>This plant&apos;s rules do not allow such an exception.</source>
        <translation>本厂规定不允许这种例外。</translation>
    </message>
    <message>
        <source>Ask your supervisor to assign you instead.</source>
        <translation>请改为让主管分配您。</translation>
    </message>
    <message>
        <source>To admit somebody here without the hub: supervisor, tap your badge now.</source>
        <translation>在没有服务器时准许他人：请主管刷卡。</translation>
    </message>
    <message>
        <source>The worker&apos;s badge comes next. Both names go on record.</source>
        <translation>接着请员工刷卡。两人姓名都将记录。</translation>
    </message>
    <message>
        <source>Now the worker: tap your badge.</source>
        <translation>现在请员工刷卡。</translation>
    </message>
    <message>
        <source>The pages of this station open until the time that was chosen.</source>
        <translation>本工位的页面将开放至所选时间。</translation>
    </message>
    <message>
        <source>Somebody is absent</source>
        <translation>有人缺勤</translation>
    </message>
    <message>
        <source>The station is down</source>
        <translation>工位停工</translation>
    </message>
    <message>
        <source>Help is needed here</source>
        <translation>这里需要帮手</translation>
    </message>
    <message>
        <source>Rework or repair</source>
        <translation>返工或维修</translation>
    </message>
    <message>
        <source>Safety or quality</source>
        <translation>安全或质量</translation>
    </message>
    <message>
        <source>Whose pages?</source>
        <translation>查看哪个工位的页面？</translation>
    </message>
    <message>
        <source>Touch the station.</source>
        <translation>请点按工位。</translation>
    </message>
    <message>
        <source>Why?</source>
        <translation>原因？</translation>
    </message>
    <message>
        <source>Touch the reason; it goes on record.</source>
        <translation>请点按原因；它会被记录。</translation>
    </message>
    <message>
        <source>For how long?</source>
        <translation>多长时间？</translation>
    </message>
    <message>
        <source>It ends by itself.</source>
        <translation>到时自动结束。</translation>
    </message>
    <message>
        <source>1 minute</source>
        <translation>1 分钟</translation>
    </message>
    <message>
        <source>{count} minutes</source>
        <translation>{count} 分钟</translation>
    </message>
    <message>
        <source>1 hour</source>
        <translation>1 小时</translation>
    </message>
    <message>
        <source>{count} hours</source>
        <translation>{count} 小时</translation>
    </message>
    <message>
        <source>The time for which you were admitted here has ended.</source>
        <translation>您在此的准许时间已结束。</translation>
    </message>
    <message>
        <source>Ask a supervisor of this line if you are still needed here.</source>
        <translation>如果仍需要您在此，请问本产线主管。</translation>
    </message>
    <message>
        <source>The hub has not prepared this kiosk for admitting this person.</source>
        <translation>服务器没有为准许此人准备本终端。</translation>
    </message>
    <message>
        <source>Ask for somebody else, or wait for the hub.</source>
        <translation>请换一个人，或等待服务器。</translation>
    </message>
    <message>
        <source>The hub is reachable again.</source>
        <translation>服务器已恢复连接。</translation>
    </message>
    <message>
        <source>Have this person assigned at the board: it takes effect at once.</source>
        <translation>请在看板上分配此人：立即生效。</translation>
    </message>
    <message>
        <source>To open another station&apos;s pages here: supervisor, tap your badge now.</source>
        <translation>要在此打开其他工位的页面：请主管刷卡。</translation>
    </message>
    <message>
        <source>The worker&apos;s badge comes next. Every look is reviewed afterwards.</source>
        <translation>接着请员工刷卡。每次查看都会审查。</translation>
    </message>
    <message>
        <source>That station has no pages now.</source>
        <translation>该工位目前没有页面。</translation>
    </message>
    <message>
        <source>Tell the line lead which pages you need.</source>
        <translation>请告知线长您需要哪些页面。</translation>
    </message>
    <message>
        <source>The hub does not know one of these badges any more.</source>
        <translation>服务器已不再认识其中一张工卡。</translation>
    </message>
    <message>
        <source>Begin again in a minute.</source>
        <translation>请一分钟后重新开始。</translation>
    </message>
    <message>
        <source>The time for reading the other station&apos;s pages has ended.</source>
        <translation>查看另一工位页面的时间已结束。</translation>
    </message>
    <message>
        <source>Ask a supervisor of this line if they are still needed here.</source>
        <translation>如果这里仍需要这些页面，请询问本产线主管。</translation>
    </message>
    <message>
        <source>I cannot read this</source>
        <translation>我看不清这里</translation>
    </message>
    <message>
        <source>The part looks different</source>
        <translation>零件看起来不一样</translation>
    </message>
    <message>
        <source>A number or a tool is wrong</source>
        <translation>数值或工具不对</translation>
    </message>
    <message>
        <source>Something is missing here</source>
        <translation>这里缺了东西</translation>
    </message>
    <message>
        <source>The order of the steps is wrong</source>
        <translation>步骤顺序不对</translation>
    </message>
    <message>
        <source>Something else</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>The page changed, so nothing was sent.</source>
        <translation>页面已变，没有发送任何内容。</translation>
    </message>
    <message>
        <source>Mark the place again on the page that you mean.</source>
        <translation>请在您要说的页面上重新标出位置。</translation>
    </message>
    <message>
        <source>Taken back: nothing was sent.</source>
        <translation>已撤回：没有发送任何内容。</translation>
    </message>
    <message>
        <source>Your remark is on its way to quality.</source>
        <translation>您的意见正发往质量部门。</translation>
    </message>
    <message>
        <source>You see the answer when you tap your badge.</source>
        <translation>下次刷卡时您会看到答复。</translation>
    </message>
    <message>
        <source>Your remark is kept on this kiosk.</source>
        <translation>您的意见已保存在本终端。</translation>
    </message>
    <message>
        <source>It goes to quality by itself when the hub is back.</source>
        <translation>服务器恢复后会自动发给质量部门。</translation>
    </message>
    <message>
        <source>Your remark was answered.</source>
        <translation>您的意见已得到答复。</translation>
    </message>
    <message>
        <source>{count} of your remarks were answered.</source>
        <translation>您的 {count} 条意见已得到答复。</translation>
    </message>
    <message>
        <source>{document}, page {page}: {answer}</source>
        <translation>{document}，第 {page} 页：{answer}</translation>
    </message>
    <message>
        <source>The page will be changed.</source>
        <translation>这一页将会修改。</translation>
    </message>
    <message>
        <source>The page stays as it is.</source>
        <translation>这一页保持不变。</translation>
    </message>
    <message>
        <source>Help is called already.</source>
        <translation>已经呼叫了帮助。</translation>
    </message>
    <message>
        <source>The line at the top says how it stands.</source>
        <translation>顶部一行显示进展。</translation>
    </message>
    <message>
        <source>The call is taken back.</source>
        <translation>呼叫已撤回。</translation>
    </message>
    <message>
        <source>The call for help has ended.</source>
        <translation>帮助呼叫已结束。</translation>
    </message>
    <message>
        <source>The call could not be sent: there is no connection.</source>
        <translation>呼叫未能发出：没有连接。</translation>
    </message>
    <message>
        <source>Call out, or send somebody. It goes by itself when the hub is back.</source>
        <translation>请大声呼叫或派人去。服务器恢复后会自动发出。</translation>
    </message>
    <message>
        <source>{name} is coming.</source>
        <translation>{name} 正在赶来。</translation>
    </message>
    <message>
        <source>The board needs the hub, which is not reachable now.</source>
        <translation>看板需要服务器，目前无法连接。</translation>
    </message>
    <message>
        <source>Wait until this kiosk is online again, then tap your badge.</source>
        <translation>请等本终端恢复在线，然后刷工卡。</translation>
    </message>
    <message>
        <source>The board opens with badge and PIN only.</source>
        <translation>看板只能用工卡和 PIN 码打开。</translation>
    </message>
    <message>
        <source>You may not open the board here any more.</source>
        <translation>您不能再在此打开看板。</translation>
    </message>
    <message>
        <source>Ask another supervisor or an administrator.</source>
        <translation>请问其他主管或管理员。</translation>
    </message>
    <message>
        <source>Has no active badge.</source>
        <translation>没有有效工卡。</translation>
    </message>
    <message>
        <source>Have the badge office issue one.</source>
        <translation>请工卡办公室发放一张。</translation>
    </message>
    <message>
        <source>Has no role that reads work instructions.</source>
        <translation>没有可阅读作业指导书的角色。</translation>
    </message>
    <message>
        <source>An administrator gives the role operator.</source>
        <translation>由管理员授予操作员角色。</translation>
    </message>
    <message>
        <source>{document} is more confidential than this badge may open.</source>
        <translation>{document} 的保密级别高于此工卡的权限。</translation>
    </message>
    <message>
        <source>A badge with a PIN, or a higher clearance, opens it.</source>
        <translation>带 PIN 码的工卡或更高权限可打开。</translation>
    </message>
    <message>
        <source>Has not signed {client}&apos;s current agreement.</source>
        <translation>未签署 {client} 的现行协议。</translation>
    </message>
    <message>
        <source>Have it signed and recorded, then move.</source>
        <translation>请先签署并登记，再调动。</translation>
    </message>
    <message>
        <source>Is not trained on {document}, revision {revision}.</source>
        <translation>未接受 {document} 版本 {revision} 的培训。</translation>
    </message>
    <message>
        <source>Record the training, then move.</source>
        <translation>请先登记培训，再调动。</translation>
    </message>
    <message>
        <source>Has reached the limit of what may be seen of {client}&apos;s know-how.</source>
        <translation>已达到可查看 {client} 技术资料的上限。</translation>
    </message>
    <message>
        <source>Quality decides on exceptions.</source>
        <translation>例外由质量部门决定。</translation>
    </message>
    <message>
        <source>{document} is locked down here.</source>
        <translation>{document} 在此已锁定。</translation>
    </message>
    <message>
        <source>Quality decides when it returns.</source>
        <translation>何时恢复由质量部门决定。</translation>
    </message>
    <message>
        <source>{document} is not built at this station.</source>
        <translation>{document} 不在此工位生产。</translation>
    </message>
    <message>
        <source>Check the station&apos;s parts.</source>
        <translation>请检查该工位的产品。</translation>
    </message>
    <message>
        <source>{document} is not in force.</source>
        <translation>{document} 未生效。</translation>
    </message>
    <message>
        <source>Document control releases revisions.</source>
        <translation>版本由文控部门发布。</translation>
    </message>
    <message>
        <source>{count} of {all} pages stay closed</source>
        <translation>{all} 页中有 {count} 页不能打开</translation>
    </message>
    <message>
        <source>You do not supervise line {line}.</source>
        <translation>您不是产线 {line} 的主管。</translation>
    </message>
    <message>
        <source>{name} is there already.</source>
        <translation>{name} 已在那里。</translation>
    </message>
    <message>
        <source>{by} has moved {name} meanwhile; nothing was changed now.</source>
        <translation>{by} 在此期间已调动 {name}；现在未作任何更改。</translation>
    </message>
    <message>
        <source>Look at the board again.</source>
        <translation>请再看一次看板。</translation>
    </message>
    <message>
        <source>A move can be undone for {seconds} seconds.</source>
        <translation>调动可在 {seconds} 秒内撤销。</translation>
    </message>
    <message>
        <source>Somebody has changed this person&apos;s assignments since.</source>
        <translation>此后有人更改了此人的分配。</translation>
    </message>
    <message>
        <source>Move the person back instead.</source>
        <translation>请改为将此人调回。</translation>
    </message>
    <message>
        <source>This call is over already.</source>
        <translation>此呼叫已结束。</translation>
    </message>
    <message>
        <source>You are signed out of this desk.</source>
        <translation>您已从看板退出。</translation>
    </message>
    <message>
        <source>Sign in again with badge and PIN.</source>
        <translation>请用工卡和 PIN 码重新登录。</translation>
    </message>
    <message>
        <source>The pages of the other station open until the time that was chosen.</source>
        <translation>其他工位的页面将开放至所选时间。</translation>
    </message>
    <message>
        <source>Asking the hub</source>
        <translation>正在询问服务器</translation>
    </message>
    <message>
        <source>Breaking glass needs badge and PIN.</source>
        <translation>紧急查看需要工卡和 PIN 码。</translation>
    </message>
    <message>
        <source>Set a PIN first, or call a supervisor who has one.</source>
        <translation>请先设置 PIN 码，或叫有 PIN 码的主管。</translation>
    </message>
    <message>
        <source>The hub did not answer in time.</source>
        <translation>服务器未及时回应。</translation>
    </message>
    <message>
        <source>Begin again; nothing was opened.</source>
        <translation>请重新开始；什么都没有打开。</translation>
    </message>
    <message>
        <source>Glass can be broken only while the hub is reachable.</source>
        <translation>只有连接服务器时才能紧急查看。</translation>
    </message>
    <message>
        <source>Wait for the hub.</source>
        <translation>请等待服务器。</translation>
    </message>
    <message>
        <source>What this kiosk keeps of its lease is not what it kept last: an older copy was put back.</source>
        <translation>本终端保存的授权不是最后保存的内容：有人放回了较旧的副本。</translation>
    </message>
    <message>
        <source>What this kiosk keeps of its lease is not of one moment: a part of an older copy was put back.</source>
        <translation>本终端保存的授权不属于同一时刻：有人放回了部分较旧的副本。</translation>
    </message>
    <message>
        <source>No page is shown until the hub was reached. Tell IT and quality: this is on record.</source>
        <translation>连上服务器之前不显示任何页面。请告知 IT 和质量部门：此事已记录。</translation>
    </message>
    <message>
        <source>This machine&apos;s clock is {time} ahead of the hub&apos;s.</source>
        <translation>本机时钟比服务器快 {time}。</translation>
    </message>
    <message>
        <source>This machine&apos;s clock is {time} behind the hub&apos;s.</source>
        <translation>本机时钟比服务器慢 {time}。</translation>
    </message>
    <message>
        <source>{count} days</source>
        <translation>{count} 天</translation>
    </message>
    <message>
        <source>Have it set right: without the hub no page could be shown.</source>
        <translation>请让人校准时钟：否则脱离服务器时将无法显示页面。</translation>
    </message>
    <message>
        <source>Nothing is lost: the records stay here. Tell the hub&apos;s administrator now.</source>
        <translation>没有丢失任何内容：记录保存在这里。请立即告知服务器管理员。</translation>
    </message>
    <message>
        <source>This kiosk&apos;s journal is damaged.</source>
        <translation>本终端的日志已损坏。</translation>
    </message>
    <message>
        <source>Tell quality and IT: its newest records may be incomplete.</source>
        <translation>请告知质量部门和 IT：其最新记录可能不完整。</translation>
    </message>
    <message>
        <source>This kiosk cannot record who reads what ({why}), so it shows no pages.</source>
        <translation>本终端无法记录阅读情况（{why}），因此不显示页面。</translation>
    </message>
    <message>
        <source>its disk does not take them</source>
        <translation>磁盘无法写入</translation>
    </message>
    <message>
        <source>its disk is full</source>
        <translation>磁盘已满</translation>
    </message>
    <message>
        <source>another program holds its journal</source>
        <translation>其他程序占用了日志</translation>
    </message>
    <message>
        <source>its journal is damaged</source>
        <translation>日志已损坏</translation>
    </message>
    <message>
        <source>Tell IT. It goes on by itself when records can be written again.</source>
        <translation>请告知 IT。可以重新写入记录后会自动继续。</translation>
    </message>
    <message>
        <source>This kiosk&apos;s journal was written by a newer Stationleaf than this one.</source>
        <translation>本终端的日志由更新版本的 Stationleaf 写入。</translation>
    </message>
    <message>
        <source>Install the newer version again; nothing was changed.</source>
        <translation>请重新安装较新的版本；没有更改任何内容。</translation>
    </message>
    <message>
        <source>The hub does not show its log of records as it should.</source>
        <translation>服务器没有按要求出示其记录日志。</translation>
    </message>
    <message>
        <source>Tell quality: until it does, nobody can check that the records are complete.</source>
        <translation>请告知质量部门：在此之前，无人能核对记录是否完整。</translation>
    </message>
    <message>
        <source>The hub&apos;s records were rewritten: its log does not continue what this kiosk has seen of it.</source>
        <translation>服务器的记录被改写：其日志与本终端所见的不衔接。</translation>
    </message>
    <message>
        <source>Call quality. The proof is kept on this kiosk: leave it as it is.</source>
        <translation>请联系质量部门。证据保存在本终端上：请保持原状。</translation>
    </message>
    <message>
        <source>The hub was restored from a backup, and lacks records that this kiosk has seen the log of.</source>
        <translation>服务器已从备份恢复，缺少本终端见过其日志的记录。</translation>
    </message>
    <message>
        <source>Tell quality: what is missing is in the incident.</source>
        <translation>请告知质量部门：缺少的内容记在事件中。</translation>
    </message>
    <message>
        <source>The hub shows another log than the one asked for.</source>
        <translation>服务器出示的日志不是所要求的那个。</translation>
    </message>
    <message>
        <source>The hub confirms records that this kiosk did not send.</source>
        <translation>服务器确认了本终端未发送的记录。</translation>
    </message>
    <message>
        <source>Tell the hub&apos;s administrator; nothing was deleted here.</source>
        <translation>请告知服务器管理员；此处没有删除任何内容。</translation>
    </message>
    <message>
        <source>This kiosk&apos;s journal is older than what this kiosk has already recorded.</source>
        <translation>本终端的日志早于其已记录的内容。</translation>
    </message>
    <message>
        <source>Enrol this kiosk again with a new code, and tell quality.</source>
        <translation>请用新代码重新登记本终端，并告知质量部门。</translation>
    </message>
    <message>
        <source>The newest records of this kiosk are lost, so it cannot go on recording.</source>
        <translation>本终端的最新记录已丢失，无法继续记录。</translation>
    </message>
    <message>
        <source>Tell quality and IT: this kiosk has to be enrolled again.</source>
        <translation>请告知质量部门和 IT：本终端必须重新登记。</translation>
    </message>
    <message>
        <source>A record in this kiosk&apos;s journal is damaged, so it and later ones cannot be handed over.</source>
        <translation>本终端日志中有一条记录已损坏，它和之后的记录无法提交。</translation>
    </message>
    <message>
        <source>Tell quality and IT: nothing is deleted, and this kiosk has to be enrolled again.</source>
        <translation>请告知质量部门和 IT：没有删除任何内容，本终端必须重新登记。</translation>
    </message>
    <message>
        <source>The kiosk&apos;s folder {folder} cannot be written.</source>
        <translation>无法写入终端的文件夹 {folder}。</translation>
    </message>
    <message>
        <source>IT: check its owner, or choose another with --home.</source>
        <translation>IT：请检查其所有者，或用 --home 选择其他文件夹。</translation>
    </message>
    <message>
        <source>The kiosk&apos;s folder {folder} belongs to another user.</source>
        <translation>终端的文件夹 {folder} 属于其他用户。</translation>
    </message>
    <message>
        <source>Run the kiosk as that user, or choose another folder with --home.</source>
        <translation>请以该用户运行终端，或用 --home 选择其他文件夹。</translation>
    </message>
    <message>
        <source>Stationleaf is already running on this kiosk.</source>
        <translation>Stationleaf 已在本终端上运行。</translation>
    </message>
    <message>
        <source>Use the window that is open; if there is none, restart the machine.</source>
        <translation>请使用已打开的窗口；如果没有，请重启机器。</translation>
    </message>
    <message>
        <source>The kiosk&apos;s disk does not answer.</source>
        <translation>终端的磁盘没有响应。</translation>
    </message>
    <message>
        <source>IT: check the disk.</source>
        <translation>IT：请检查磁盘。</translation>
    </message>
    <message>
        <source>The page store</source>
        <translation>页面存储</translation>
    </message>
    <message>
        <source>The lease store</source>
        <translation>授权存储</translation>
    </message>
    <message>
        <source>{store} was written by a newer Stationleaf than this one.</source>
        <translation>{store}由更新版本的 Stationleaf 写入。</translation>
    </message>
    <message>
        <source>{store} is in use by another program.</source>
        <translation>{store}正被其他程序使用。</translation>
    </message>
    <message>
        <source>Try again in a minute.</source>
        <translation>请一分钟后再试。</translation>
    </message>
    <message>
        <source>{store} in this folder belongs to another kiosk or an earlier enrolment.</source>
        <translation>此文件夹中的{store}属于其他终端或先前的登记。</translation>
    </message>
    <message>
        <source>Tell IT if nobody moved this kiosk&apos;s files.</source>
        <translation>如果没有人移动过本终端的文件，请告知 IT。</translation>
    </message>
    <message>
        <source>{store} of this kiosk is damaged.</source>
        <translation>本终端的{store}已损坏。</translation>
    </message>
    <message>
        <source>Tell IT if it happens again: the disk may be failing.</source>
        <translation>如果再次发生，请告知 IT：磁盘可能出现故障。</translation>
    </message>
    <message>
        <source>This kiosk&apos;s disk is full.</source>
        <translation>本终端的磁盘已满。</translation>
    </message>
    <message>
        <source>IT: free some space on it.</source>
        <translation>IT：请释放一些空间。</translation>
    </message>
    <message>
        <source>{store} cannot be read or written.</source>
        <translation>无法读写{store}。</translation>
    </message>
    <message>
        <source>IT: check the disk, and who owns the kiosk&apos;s folder.</source>
        <translation>IT：请检查磁盘以及终端文件夹的所有者。</translation>
    </message>
    <message>
        <source>The lease that is kept is not the newest one.</source>
        <translation>保存的授权不是最新的。</translation>
    </message>
    <message>
        <source>What this kiosk keeps of its lease is damaged.</source>
        <translation>本终端保存的授权已损坏。</translation>
    </message>
    <message>
        <source>What this kiosk knows of its hub&apos;s keys expired on {day}, and the hub does not answer.</source>
        <translation>本终端所知的服务器密钥已于 {day} 过期，而服务器没有响应。</translation>
    </message>
    <message>
        <source>Check that today is {day}, then the network; it is tried again by itself.</source>
        <translation>请确认今天是 {day}，再检查网络；系统会自动重试。</translation>
    </message>
    <message>
        <source>This kiosk&apos;s keys in the keyring are damaged.</source>
        <translation>密钥环中本终端的密钥已损坏。</translation>
    </message>
    <message>
        <source>Enrol this kiosk again with a new code from IT.</source>
        <translation>请用 IT 提供的新代码重新登记本终端。</translation>
    </message>
    <message>
        <source>The keyring of this machine did not keep what this kiosk gave it.</source>
        <translation>本机的密钥环没有保存本终端交给它的内容。</translation>
    </message>
    <message>
        <source>IT: free some space on the disk with the home folder of the kiosk&apos;s user.</source>
        <translation>IT：请在终端用户主目录所在的磁盘上腾出空间。</translation>
    </message>
    <message>
        <source>The hub&apos;s address is too long for this machine&apos;s keyring.</source>
        <translation>服务器地址对本机的密钥环来说太长。</translation>
    </message>
    <message>
        <source>Give the hub a shorter name.</source>
        <translation>请给服务器一个更短的名称。</translation>
    </message>
    <message>
        <source>The keyring {name} is set on this machine, and it does not protect keys well enough.</source>
        <translation>本机设置的密钥环 {name} 对密钥的保护不足。</translation>
    </message>
    <message>
        <source>IT: take PYTHON_KEYRING_BACKEND out of the kiosk&apos;s environment.</source>
        <translation>IT：请从终端的环境变量中移除 PYTHON_KEYRING_BACKEND。</translation>
    </message>
    <message>
        <source>No keyring runs on this machine, so this kiosk&apos;s keys cannot be read.</source>
        <translation>本机没有运行密钥环，无法读取终端密钥。</translation>
    </message>
    <message>
        <source>IT: start the desktop&apos;s keyring (gnome-keyring or KWallet) for the kiosk&apos;s user.</source>
        <translation>IT：请为终端用户启动桌面密钥环（gnome-keyring 或 KWallet）。</translation>
    </message>
    <message>
        <source>The keyring of this machine is locked, so this kiosk&apos;s keys cannot be read.</source>
        <translation>本机密钥环已锁定，无法读取终端密钥。</translation>
    </message>
    <message>
        <source>Unlock it with the password of the kiosk&apos;s user, or sign in to the desktop again.</source>
        <translation>请用终端用户的密码解锁，或重新登录桌面。</translation>
    </message>
    <message>
        <source>The hub has a fault.</source>
        <translation>服务器发生故障。</translation>
    </message>
    <message>
        <source>It is tried again by itself; tell the hub&apos;s administrator.</source>
        <translation>系统会自动重试；请告知服务器管理员。</translation>
    </message>
    <message>
        <source>What answers has a certificate that is not this plant&apos;s hub&apos;s.</source>
        <translation>应答方的证书不是本厂服务器的证书。</translation>
    </message>
    <message>
        <source>The hub&apos;s certificate is not valid now: it has expired, or a clock is wrong.</source>
        <translation>服务器的证书现在无效：已过期，或时钟有误。</translation>
    </message>
    <message>
        <source>The hub&apos;s CA certificate is not one.</source>
        <translation>服务器的 CA 证书无效。</translation>
    </message>
    <message>
        <source>Tell the hub&apos;s administrator; nothing was sent.</source>
        <translation>请告知服务器管理员；没有发送任何内容。</translation>
    </message>
    <message>
        <source>The hub answers too slowly.</source>
        <translation>服务器响应太慢。</translation>
    </message>
    <message>
        <source>Go to the badge office.</source>
        <translation>请前往工卡办公室。</translation>
    </message>
    <message>
        <source>This card ran out on {day}.</source>
        <translation>此卡已于 {day} 过期。</translation>
    </message>
    <message>
        <source>This card is not valid before {day}.</source>
        <translation>此卡在 {day} 之前无效。</translation>
    </message>
    <message>
        <source>If that day has come, the kiosk&apos;s clock is behind: tell IT.</source>
        <translation>如果已到那一天，则终端时钟慢了：请告知 IT。</translation>
    </message>
    <message>
        <source>The certificate on this card is not one for tapping in (card authentication).</source>
        <translation>此卡上的证书不能用于刷卡登录（卡认证）。</translation>
    </message>
    <message>
        <source>This card&apos;s certificate names nobody.</source>
        <translation>此卡的证书没有写明持有人。</translation>
    </message>
    <message>
        <source>This card was not issued for {organization}.</source>
        <translation>此卡不是为 {organization} 签发的。</translation>
    </message>
    <message>
        <source>The certificate of the CA that issued this card has run out.</source>
        <translation>签发此卡的 CA 证书已过期。</translation>
    </message>
    <message>
        <source>Tell IT: the file of the card CA on this kiosk must be renewed.</source>
        <translation>请告知 IT：必须更新本终端上的卡 CA 文件。</translation>
    </message>
    <message>
        <source>This card was not issued by this site.</source>
        <translation>此卡不是本厂签发的。</translation>
    </message>
    <message>
        <source>Use the card that this site gave you, or go to the badge office.</source>
        <translation>请使用本厂发的卡，或前往工卡办公室。</translation>
    </message>
    <message>
        <source>This card cannot open pages: its key only signs.</source>
        <translation>此卡无法打开页面：其密钥只能签名。</translation>
    </message>
    <message>
        <source>This card has no certificate on it.</source>
        <translation>此卡上没有证书。</translation>
    </message>
    <message>
        <source>This card did not sign when it was asked to.</source>
        <translation>此卡没有按要求签名。</translation>
    </message>
    <message>
        <source>This card could not prove that it is the one it claims to be: it may be a copy.</source>
        <translation>此卡无法证明其真实性：可能是复制卡。</translation>
    </message>
    <message>
        <source>Keep the card and tell your supervisor.</source>
        <translation>请保管好此卡并告知主管。</translation>
    </message>
    <message>
        <source>Go to the badge office: the card must be issued again.</source>
        <translation>请前往工卡办公室：此卡必须重新签发。</translation>
    </message>
</context>
</TS>
