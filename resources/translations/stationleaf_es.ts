<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es_ES">
<context>
    <name>desk</name>
    <message>
        <source>Not assigned</source>
        <translation>Sin asignar</translation>
    </message>
    <message>
        <source>Everybody has a station.</source>
        <translation>Todos tienen puesto.</translation>
    </message>
    <message>
        <source>Nobody is assigned</source>
        <translation>Nadie asignado</translation>
    </message>
    <message>
        <source>another supervisor&apos;s line</source>
        <translation>línea de otro supervisor</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Deshacer</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>no kiosk</source>
        <translation>sin terminal</translation>
    </message>
    <message>
        <source>Reading the board …</source>
        <translation>Leyendo el tablero…</translation>
    </message>
    <message>
        <source>Why this move?</source>
        <translation>¿Por qué este cambio?</translation>
    </message>
    <message>
        <source>It goes on record with your name.</source>
        <translation>Queda registrado con su nombre.</translation>
    </message>
    <message>
        <source>Somebody is ill</source>
        <translation>Alguien está enfermo</translation>
    </message>
    <message>
        <source>Covers a break</source>
        <translation>Cubre una pausa</translation>
    </message>
    <message>
        <source>Rush order</source>
        <translation>Pedido urgente</translation>
    </message>
    <message>
        <source>Learns the station</source>
        <translation>Aprende el puesto</translation>
    </message>
    <message>
        <source>No instructions are in force here</source>
        <translation>Aquí no hay instrucciones vigentes</translation>
    </message>
    <message>
        <source>Asking the hub …</source>
        <translation>Consultando al servidor…</translation>
    </message>
    <message>
        <source>Takes the person off the station</source>
        <translation>Retira a la persona del puesto</translation>
    </message>
    <message>
        <source>Already here</source>
        <translation>Ya está aquí</translation>
    </message>
    <message>
        <source>moving …</source>
        <translation>trasladando…</translation>
    </message>
    <message>
        <source>has no active badge</source>
        <translation>no tiene tarjeta activa</translation>
    </message>
    <message>
        <source>has not signed: {clients}</source>
        <translation>no ha firmado: {clients}</translation>
    </message>
    <message>
        <source>from {time}</source>
        <translation>desde {time}</translation>
    </message>
    <message>
        <source>{where}, until {time}</source>
        <translation>{where}, hasta {time}</translation>
    </message>
    <message>
        <source>at {kiosk}, not here</source>
        <translation>en {kiosk}, no aquí</translation>
    </message>
    <message>
        <source>at {kiosk} now</source>
        <translation>ahora en {kiosk}</translation>
    </message>
    <message>
        <source>relief</source>
        <translation>relevo</translation>
    </message>
    <message>
        <source>not signed in</source>
        <translation>sin iniciar sesión</translation>
    </message>
    <message>
        <source>free</source>
        <translation>libre</translation>
    </message>
    <message>
        <source>blocked</source>
        <translation>bloqueado</translation>
    </message>
    <message>
        <source>online</source>
        <translation>en línea</translation>
    </message>
    <message>
        <source>never seen</source>
        <translation>nunca visto</translation>
    </message>
    <message>
        <source>offline since {time}</source>
        <translation>sin conexión desde {time}</translation>
    </message>
    <message>
        <source>a record is damaged: tell IT</source>
        <translation>un registro está dañado: avise a Informática</translation>
    </message>
    <message>
        <source>records nothing: enrol it again</source>
        <translation>no registra nada: vuelva a darlo de alta</translation>
    </message>
    <message>
        <source>no lease</source>
        <translation>sin permiso de lectura</translation>
    </message>
    <message>
        <source>{here} of {count} pages</source>
        <translation>{here} de {count} páginas</translation>
    </message>
    <message>
        <source>until {time}</source>
        <translation>hasta {time}</translation>
    </message>
    <message>
        <source>1 event waits</source>
        <translation>1 registro en espera</translation>
    </message>
    <message>
        <source>{count} events wait</source>
        <translation>{count} registros en espera</translation>
    </message>
    <message>
        <source>1 page</source>
        <translation>1 página</translation>
    </message>
    <message>
        <source>no pages</source>
        <translation>sin páginas</translation>
    </message>
    <message>
        <source>{count} pages</source>
        <translation>{count} páginas</translation>
    </message>
    <message>
        <source>locked down</source>
        <translation>bloqueada</translation>
    </message>
    <message>
        <source>Can read all {pages} pages here</source>
        <translation>Puede leer aquí las {pages} páginas</translation>
    </message>
    <message>
        <source>person</source>
        <translation>persona</translation>
    </message>
    <message>
        <source>kiosk</source>
        <translation>terminal</translation>
    </message>
    <message>
        <source>station</source>
        <translation>puesto</translation>
    </message>
    <message>
        <source>line</source>
        <translation>línea</translation>
    </message>
    <message>
        <source>site</source>
        <translation>planta</translation>
    </message>
    <message>
        <source>{name} is being moved already.</source>
        <translation>El cambio de {name} ya está en curso.</translation>
    </message>
    <message>
        <source>{name} works here as relief or later; move the card of the station of now.</source>
        <translation>{name} trabaja aquí de relevo o más tarde; mueva la tarjeta del puesto actual.</translation>
    </message>
    <message>
        <source>{name} works on another supervisor&apos;s line.</source>
        <translation>{name} trabaja en la línea de otro supervisor.</translation>
    </message>
    <message>
        <source>{name} was taken off the station.</source>
        <translation>{name} ya no está en el puesto.</translation>
    </message>
    <message>
        <source>{name} works at {station} now.</source>
        <translation>{name} trabaja ahora en {station}.</translation>
    </message>
    <message>
        <source>{name} to {station}.</source>
        <translation>{name} a {station}.</translation>
    </message>
    <message>
        <source>{by} took {name} off {station}.</source>
        <translation>{by} retiró a {name} de {station}.</translation>
    </message>
    <message>
        <source>{by} moved {name} to {station}.</source>
        <translation>{by} trasladó a {name} a {station}.</translation>
    </message>
    <message>
        <source>{name} is back.</source>
        <translation>{name} está de vuelta.</translation>
    </message>
    <message>
        <source>{people} people at {stations} stations</source>
        <translation>{people} personas en {stations} puestos</translation>
    </message>
    <message>
        <source>{count} without anybody</source>
        <translation>{count} sin nadie</translation>
    </message>
    <message>
        <source>{count} of {all} kiosks offline</source>
        <translation>{count} de {all} terminales sin conexión</translation>
    </message>
    <message>
        <source>Also here: {name}</source>
        <translation>También aquí: {name}</translation>
    </message>
    <message>
        <source>Also here: {name} and {count} more</source>
        <translation>También aquí: {name} y {count} más</translation>
    </message>
    <message>
        <source>I am coming</source>
        <translation>Voy</translation>
    </message>
    <message>
        <source>End the call</source>
        <translation>Cerrar petición</translation>
    </message>
    <message>
        <source>since {time} ({minutes} min)</source>
        <translation>desde {time} ({minutes} min)</translation>
    </message>
    <message>
        <source>calls for help</source>
        <translation>pide ayuda</translation>
    </message>
    <message>
        <source>{told}, {since}</source>
        <translation>{told}, {since}</translation>
    </message>
    <message>
        <source>Help! {time}</source>
        <translation>¡Ayuda! {time}</translation>
    </message>
    <message>
        <source>{name} is coming</source>
        <translation>{name} viene</translation>
    </message>
</context>
<context>
    <name>kiosk</name>
    <message>
        <source>Tap your badge</source>
        <translation>Acerque su tarjeta</translation>
    </message>
    <message>
        <source>Hold it flat against the reader until this screen changes.</source>
        <translation>Apóyela en el lector hasta que cambie la pantalla.</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>Iniciando</translation>
    </message>
    <message>
        <source>You can tap your badge already.</source>
        <translation>Ya puede acercar su tarjeta.</translation>
    </message>
    <message>
        <source>One moment</source>
        <translation>Un momento</translation>
    </message>
    <message>
        <source>Your badge was read and is being checked.</source>
        <translation>Su tarjeta se leyó y se está comprobando.</translation>
    </message>
    <message>
        <source>This kiosk is not set up yet</source>
        <translation>Este terminal aún no está configurado</translation>
    </message>
    <message>
        <source>An administrator enrols it with a one-time code from the hub.</source>
        <translation>Un administrador lo da de alta con un código de un solo uso del servidor.</translation>
    </message>
    <message>
        <source>This kiosk cannot work now</source>
        <translation>Este terminal no puede funcionar ahora</translation>
    </message>
    <message>
        <source>Call maintenance.</source>
        <translation>Llame a mantenimiento.</translation>
    </message>
    <message>
        <source>Trouble</source>
        <translation>Avería</translation>
    </message>
    <message>
        <source>It tries again by itself; a tap on the screen or with your badge tries at once.</source>
        <translation>Lo intenta de nuevo solo; al tocar la pantalla o acercar la tarjeta, enseguida.</translation>
    </message>
    <message>
        <source>Something went wrong in this program.</source>
        <translation>Algo falló en este programa.</translation>
    </message>
    <message>
        <source>Tell IT: the details are in the kiosk&apos;s log.</source>
        <translation>Avise a Informática: los detalles están en el registro del terminal.</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Atrás</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Seguir</translation>
    </message>
    <message>
        <source>First page</source>
        <translation>Primera página</translation>
    </message>
    <message>
        <source>Last page</source>
        <translation>Última página</translation>
    </message>
    <message>
        <source>Smaller</source>
        <translation>Más pequeño</translation>
    </message>
    <message>
        <source>Larger</source>
        <translation>Más grande</translation>
    </message>
    <message>
        <source>Fit page</source>
        <translation>Página entera</translation>
    </message>
    <message>
        <source>Fit width</source>
        <translation>Ancho de página</translation>
    </message>
    <message>
        <source>All pages</source>
        <translation>Todas las páginas</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Más</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>Menú</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Cerrar</translation>
    </message>
    <message>
        <source>Play the clip</source>
        <translation>Reproducir el vídeo</translation>
    </message>
    <message>
        <source>Pause the clip</source>
        <translation>Pausar el vídeo</translation>
    </message>
    <message>
        <source>Go on with the clip</source>
        <translation>Continuar el vídeo</translation>
    </message>
    <message>
        <source>Close the clip</source>
        <translation>Cerrar el vídeo</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>Bloquear</translation>
    </message>
    <message>
        <source>Confirm</source>
        <translation>Confirmar</translation>
    </message>
    <message>
        <source>Sign</source>
        <translation>Firmar</translation>
    </message>
    <message>
        <source>Take the confirmation back</source>
        <translation>Retirar la confirmación</translation>
    </message>
    <message>
        <source>How this kiosk stands</source>
        <translation>Estado de este terminal</translation>
    </message>
    <message>
        <source>Pages that you may not read</source>
        <translation>Páginas que no puede leer</translation>
    </message>
    <message>
        <source>English</source>
        <translation>inglés</translation>
    </message>
    <message>
        <source>Spanish</source>
        <translation>español</translation>
    </message>
    <message>
        <source>Chinese</source>
        <translation>chino</translation>
    </message>
    <message>
        <source>Malay</source>
        <translation>malayo</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Ayuda</translation>
    </message>
    <message>
        <source>Call for help</source>
        <translation>Pedir ayuda</translation>
    </message>
    <message>
        <source>Take the call for help back</source>
        <translation>Anular la petición de ayuda</translation>
    </message>
    <message>
        <source>What is it?</source>
        <translation>¿Qué sucede?</translation>
    </message>
    <message>
        <source>Something is wrong on this page</source>
        <translation>Algo está mal en esta página</translation>
    </message>
    <message>
        <source>Draw around the place with a finger. It goes to quality with the page.</source>
        <translation>Rodee el lugar con el dedo. Llega a Calidad junto con la página.</translation>
    </message>
    <message>
        <source>It is here</source>
        <translation>Es aquí</translation>
    </message>
    <message>
        <source>What is wrong there?</source>
        <translation>¿Qué está mal ahí?</translation>
    </message>
    <message>
        <source>Say it in a few words</source>
        <translation>Dígalo en pocas palabras</translation>
    </message>
    <message>
        <source>1234567890QWERTYUIOPASDFGHJKL-ZXCVBNM,.?</source>
        <translation>1234567890QWERTYUIOPASDFGHJKLÑZXCVBNM,.-</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>Espacio</translation>
    </message>
    <message>
        <source>Send</source>
        <translation>Enviar</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>Deshacer</translation>
    </message>
    <message>
        <source>Admit somebody</source>
        <translation>Admitir a alguien</translation>
    </message>
    <message>
        <source>Break glass</source>
        <translation>Acceso de emergencia</translation>
    </message>
    <message>
        <source>What changed</source>
        <translation>Qué ha cambiado</translation>
    </message>
    <message>
        <source>I have read it</source>
        <translation>Lo he leído</translation>
    </message>
    <message>
        <source>Board</source>
        <translation>Tablero</translation>
    </message>
    <message>
        <source>Close the board</source>
        <translation>Cerrar el tablero</translation>
    </message>
    <message>
        <source>End the kiosk program? Nobody can read here until it is started again.</source>
        <translation>¿Terminar el programa de este terminal? Nadie podrá leer aquí hasta que se inicie de nuevo.</translation>
    </message>
    <message>
        <source>End the program</source>
        <translation>Terminar el programa</translation>
    </message>
    <message>
        <source>Set PIN</source>
        <translation>Crear PIN</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Ahora no</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Borrar</translation>
    </message>
    <message>
        <source>OK</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Nota</translation>
    </message>
    <message>
        <source>Please note</source>
        <translation>Atención</translation>
    </message>
    <message>
        <source>Problem</source>
        <translation>Problema</translation>
    </message>
    <message>
        <source>p. {number}</source>
        <translation>pág. {number}</translation>
    </message>
    <message>
        <source>{name}: now touch the station to go to</source>
        <translation>{name}: toque ahora el puesto de destino</translation>
    </message>
    <message>
        <source>{name} is at the board</source>
        <translation>{name} está en el tablero</translation>
    </message>
    <message>
        <source>Rev {revision}</source>
        <translation>Rev. {revision}</translation>
    </message>
    <message>
        <source>{page} of {count}</source>
        <translation>{page} de {count}</translation>
    </message>
    <message>
        <source>This page is only in {language}</source>
        <translation>Esta página solo está en {language}</translation>
    </message>
    <message>
        <source>Only in {language}</source>
        <translation>Solo en {language}</translation>
    </message>
    <message>
        <source>{done} of {count} done</source>
        <translation>{done} de {count} hechos</translation>
    </message>
    <message>
        <source>Step {step}</source>
        <translation>Paso {step}</translation>
    </message>
    <message>
        <source>Called at {time}: {name} is coming</source>
        <translation>Pedida ({time}): viene {name}</translation>
    </message>
    <message>
        <source>{name} is coming</source>
        <translation>Viene {name}</translation>
    </message>
    <message>
        <source>Help called at {time}</source>
        <translation>Ayuda pedida: {time}</translation>
    </message>
    <message>
        <source>Calling for help …</source>
        <translation>Pidiendo ayuda…</translation>
    </message>
    <message>
        <source>Call at {time} not sent: call out</source>
        <translation>Petición sin enviar ({time}): avise de viva voz</translation>
    </message>
    <message>
        <source>Call not sent</source>
        <translation>Ayuda sin enviar</translation>
    </message>
    <message>
        <source>Your remark goes to quality in {seconds} s</source>
        <translation>Su aviso va a Calidad en {seconds} s</translation>
    </message>
    <message>
        <source>Takt {spent} of {takt}</source>
        <translation>Takt {spent} de {takt}</translation>
    </message>
    <message>
        <source>Why does the confirmation of step {step} not hold?</source>
        <translation>¿Por qué no vale la confirmación del paso {step}?</translation>
    </message>
    <message>
        <source>{document}: what changed in revision {revision}</source>
        <translation>{document}: cambios en la revisión {revision}</translation>
    </message>
    <message>
        <source>Confirm when you have read it</source>
        <translation>Confirme tras leerlo</translation>
    </message>
    <message>
        <source>1 more to look at</source>
        <translation>Falta 1 por ver</translation>
    </message>
    <message>
        <source>{count} more to look at</source>
        <translation>Faltan {count} por ver</translation>
    </message>
    <message>
        <source>{what}. {left}</source>
        <translation>{what}. {left}</translation>
    </message>
    <message>
        <source>Gone since revision {revision}</source>
        <translation>Eliminada en la revisión {revision}</translation>
    </message>
    <message>
        <source>Before: revision {revision}</source>
        <translation>Antes: revisión {revision}</translation>
    </message>
    <message>
        <source>New page in revision {revision}</source>
        <translation>Página nueva en la revisión {revision}</translation>
    </message>
    <message>
        <source>Now: revision {revision}. The page before is no longer here; changes are marked.</source>
        <translation>Ahora: revisión {revision}. La página anterior ya no está aquí; los cambios están marcados.</translation>
    </message>
    <message>
        <source>Now: revision {revision}</source>
        <translation>Ahora: revisión {revision}</translation>
    </message>
    <message>
        <source>Page {number} is on its way …</source>
        <translation>La página {number} está en camino…</translation>
    </message>
    <message>
        <source>Locks in {seconds} second  ·  touch the screen to stay</source>
        <translation>Se bloquea en {seconds} segundo  ·  toque la pantalla para seguir</translation>
    </message>
    <message>
        <source>Locks in {seconds} seconds  ·  touch the screen to stay</source>
        <translation>Se bloquea en {seconds} segundos  ·  toque la pantalla para seguir</translation>
    </message>
    <message>
        <source>Locks in {seconds} s</source>
        <translation>Bloqueo en {seconds} s</translation>
    </message>
    <message>
        <source>Online</source>
        <translation>En línea</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>Sin conexión</translation>
    </message>
    <message>
        <source>Offline since {time}</source>
        <translation>Sin conexión desde {time}</translation>
    </message>
    <message>
        <source>No pages yet</source>
        <translation>Aún no hay páginas</translation>
    </message>
    <message>
        <source>Reading time ended {time}</source>
        <translation>Lectura terminada ({time})</translation>
    </message>
    <message>
        <source>Reading time ended</source>
        <translation>Lectura terminada</translation>
    </message>
    <message>
        <source>Readable until {time}</source>
        <translation>Lectura hasta {time}</translation>
    </message>
    <message>
        <source>until {time}</source>
        <translation>hasta {time}</translation>
    </message>
    <message>
        <source>Readable until {time}, {left} left</source>
        <translation>Lectura hasta {time}, quedan {left}</translation>
    </message>
    <message>
        <source>until {time}, {left}</source>
        <translation>hasta {time}, {left}</translation>
    </message>
    <message>
        <source>The time for reading pages here ended {time}.</source>
        <translation>El tiempo para leer páginas aquí ha terminado ({time}).</translation>
    </message>
    <message>
        <source>Pages can be read here until {time}: {left} left.</source>
        <translation>Aquí se pueden leer páginas hasta {time}: quedan {left}.</translation>
    </message>
    <message>
        <source>The hub answers but does not extend the reading time. A supervisor calls IT and reads out what this line says.</source>
        <translation>El servidor responde pero no prolonga el tiempo de lectura. Un supervisor llama a Informática y lee lo que dice esta línea.</translation>
    </message>
    <message>
        <source>To extend the reading time, reconnect this kiosk to the hub: the rest goes by itself within a minute. If the hub is down, a supervisor calls IT and says until when it is needed.</source>
        <translation>Para prolongar el tiempo de lectura, reconecte este terminal al servidor: lo demás va solo en un minuto. Si el servidor no funciona, un supervisor llama a Informática y dice hasta cuándo hace falta.</translation>
    </message>
    <message>
        <source>{hours} h</source>
        <translation>{hours} h</translation>
    </message>
    <message>
        <source>{minutes} min</source>
        <translation>{minutes} min</translation>
    </message>
    <message>
        <source>All recorded at the hub</source>
        <translation>Todo registrado</translation>
    </message>
    <message>
        <source>Recorded</source>
        <translation>Registrado</translation>
    </message>
    <message>
        <source>1 event waits</source>
        <translation>1 registro espera</translation>
    </message>
    <message>
        <source>{count} events wait</source>
        <translation>{count} registros esperan</translation>
    </message>
    <message>
        <source>{count} waiting</source>
        <translation>{count} en espera</translation>
    </message>
    <message>
        <source>Fetching pages {done} of {total}</source>
        <translation>Descargando páginas {done} de {total}</translation>
    </message>
    <message>
        <source>{done}/{total} pages</source>
        <translation>{done}/{total} páginas</translation>
    </message>
    <message>
        <source>Next try in {time}</source>
        <translation>Próximo intento en {time}</translation>
    </message>
    <message>
        <source>1 try left</source>
        <translation>Queda 1 intento</translation>
    </message>
    <message>
        <source>{count} tries left</source>
        <translation>Quedan {count} intentos</translation>
    </message>
    <message>
        <source>{tries}, then the PIN is blocked</source>
        <translation>{tries}; después se bloquea el PIN</translation>
    </message>
    <message>
        <source>Break-glass: pages of {station} until {time}. Every look is reviewed.</source>
        <translation>Acceso de emergencia: páginas de {station} hasta {time}. Toda consulta se revisa.</translation>
    </message>
    <message>
        <source>Break-glass: {station} until {time}</source>
        <translation>Emergencia: {station} hasta {time}</translation>
    </message>
    <message>
        <source>Admitted without the hub by {name} until {time}.</source>
        <translation>Admitido sin el servidor por {name} hasta {time}.</translation>
    </message>
    <message>
        <source>Admitted until {time}</source>
        <translation>Admitido hasta {time}</translation>
    </message>
    <message>
        <source>{client}, version {version}</source>
        <translation>{client}, versión {version}</translation>
    </message>
    <message>
        <source>{read} of {count} pages read</source>
        <translation>{read} de {count} páginas leídas</translation>
    </message>
    <message>
        <source>Read: tap your badge to sign</source>
        <translation>Leído: acerque su tarjeta para firmar</translation>
    </message>
    <message>
        <source>Please read all of it: {read} of {count} pages read. You sign it with badge and PIN at the end.</source>
        <translation>Léalo completo: {read} de {count} páginas leídas. Al final se firma con tarjeta y PIN.</translation>
    </message>
    <message>
        <source>To sign, tap your badge now and enter your PIN. By that you say: I have read this agreement and keep to it.</source>
        <translation>Para firmar, acerque ahora la tarjeta e introduzca su PIN. Con ello declara: he leído este acuerdo y lo cumplo.</translation>
    </message>
    <message>
        <source>dddd d MMMM</source>
        <translation>dddd, d &apos;de&apos; MMMM</translation>
    </message>
    <message>
        <source>ddd d MMM</source>
        <translation>ddd d MMM</translation>
    </message>
</context>
<context>
    <name>said</name>
    <message>
        <source>The hub&apos;s lease has no key for a page that you may read.</source>
        <translation>La autorización del servidor no tiene la clave de una página que usted puede leer.</translation>
    </message>
    <message>
        <source>Tell your supervisor; another tap asks the hub again.</source>
        <translation>Avise a su supervisor; al acercar otra vez la tarjeta se pregunta de nuevo al servidor.</translation>
    </message>
    <message>
        <source>The keys that the hub sent do not open with this badge.</source>
        <translation>Las claves que envió el servidor no se abren con esta tarjeta.</translation>
    </message>
    <message>
        <source>Tap again; if it stays, have the badge issued again.</source>
        <translation>Acérquela otra vez; si sigue igual, pida que le emitan la tarjeta de nuevo.</translation>
    </message>
    <message>
        <source>This page was damaged on this kiosk.</source>
        <translation>Esta página estaba dañada en este terminal.</translation>
    </message>
    <message>
        <source>It is being fetched again.</source>
        <translation>Se está descargando de nuevo.</translation>
    </message>
    <message>
        <source>This clip is still being fetched.</source>
        <translation>Este vídeo aún se está descargando.</translation>
    </message>
    <message>
        <source>Touch it again in a moment.</source>
        <translation>Tóquelo otra vez en un momento.</translation>
    </message>
    <message>
        <source>This clip was damaged on this kiosk.</source>
        <translation>Este vídeo estaba dañado en este terminal.</translation>
    </message>
    <message>
        <source>It is being fetched again: touch it in a moment.</source>
        <translation>Se está descargando de nuevo: tóquelo en un momento.</translation>
    </message>
    <message>
        <source>The stored clip is not the clip that was published, so it is not played.</source>
        <translation>El vídeo guardado no es el que se publicó, por eso no se reproduce.</translation>
    </message>
    <message>
        <source>The clip stopped playing.</source>
        <translation>El vídeo se detuvo.</translation>
    </message>
    <message>
        <source>Touch it to play it again.</source>
        <translation>Tóquelo para reproducirlo otra vez.</translation>
    </message>
    <message>
        <source>This clip cannot be played.</source>
        <translation>Este vídeo no se puede reproducir.</translation>
    </message>
    <message>
        <source>Tell the document controller which page it is; the page itself works.</source>
        <translation>Diga al responsable de documentos qué página es; la página en sí funciona.</translation>
    </message>
    <message>
        <source>This page is still being fetched.</source>
        <translation>Esta página todavía se está descargando.</translation>
    </message>
    <message>
        <source>It appears by itself.</source>
        <translation>Aparecerá sola.</translation>
    </message>
    <message>
        <source>Something went wrong in this program, so it was locked.</source>
        <translation>Algo falló en este programa, así que se bloqueó.</translation>
    </message>
    <message>
        <source>Tap your badge to go on. If it happens again, tell IT: the details are in the kiosk&apos;s log.</source>
        <translation>Acerque su tarjeta para seguir. Si vuelve a ocurrir, avise a Informática: los detalles están en el registro del terminal.</translation>
    </message>
    <message>
        <source>This kiosk has no lease any more.</source>
        <translation>Este terminal ya no tiene autorización.</translation>
    </message>
    <message>
        <source>Ask your supervisor.</source>
        <translation>Pregunte a su supervisor.</translation>
    </message>
    <message>
        <source>Badge and PIN do not match.</source>
        <translation>Tarjeta y PIN no coinciden.</translation>
    </message>
    <message>
        <source>Enter your PIN again. If it is right, ask your supervisor whether you work at this line.</source>
        <translation>Introduzca su PIN otra vez. Si es correcto, pregunte a su supervisor si trabaja en esta línea.</translation>
    </message>
    <message>
        <source>Please wait before the next try.</source>
        <translation>Espere antes del próximo intento.</translation>
    </message>
    <message>
        <source>This badge&apos;s PIN was wrong too often.</source>
        <translation>El PIN de esta tarjeta se introdujo mal demasiadas veces.</translation>
    </message>
    <message>
        <source>Ask your supervisor for a PIN code, then set a new PIN.</source>
        <translation>Pida a su supervisor un código de PIN y cree un PIN nuevo.</translation>
    </message>
    <message>
        <source>Enter all of them.</source>
        <translation>Introdúzcalos todos.</translation>
    </message>
    <message>
        <source>Enter your PIN</source>
        <translation>Introduzca su PIN</translation>
    </message>
    <message>
        <source>To set a PIN, tap your badge now.</source>
        <translation>Para crear un PIN, acerque ahora su tarjeta.</translation>
    </message>
    <message>
        <source>Have the code from your supervisor at hand: it is valid for 15 minutes.</source>
        <translation>Tenga a mano el código de su supervisor: vale 15 minutos.</translation>
    </message>
    <message>
        <source>A PIN can be set only while the hub is reachable.</source>
        <translation>Solo se puede crear un PIN con conexión al servidor.</translation>
    </message>
    <message>
        <source>Go on with your badge; set the PIN when the status line says Online.</source>
        <translation>Siga con su tarjeta; cree el PIN cuando arriba diga «En línea».</translation>
    </message>
    <message>
        <source>Your PIN is being set</source>
        <translation>Se está creando su PIN</translation>
    </message>
    <message>
        <source>One moment.</source>
        <translation>Un momento.</translation>
    </message>
    <message>
        <source>Your PIN is set.</source>
        <translation>Su PIN está creado.</translation>
    </message>
    <message>
        <source>From now on: tap your badge, then enter the PIN.</source>
        <translation>A partir de ahora: acerque su tarjeta y luego introduzca el PIN.</translation>
    </message>
    <message>
        <source>This card needs no PIN here.</source>
        <translation>Esta tarjeta no necesita PIN aquí.</translation>
    </message>
    <message>
        <source>Tap a plant badge, or cancel.</source>
        <translation>Acerque una tarjeta de la planta o cancele.</translation>
    </message>
    <message>
        <source>Choose a PIN</source>
        <translation>Elija un PIN</translation>
    </message>
    <message>
        <source>Enter the same PIN once more</source>
        <translation>Introduzca el mismo PIN otra vez</translation>
    </message>
    <message>
        <source>The two PINs differ.</source>
        <translation>Los dos PIN no son iguales.</translation>
    </message>
    <message>
        <source>Choose it once more.</source>
        <translation>Elíjalo otra vez.</translation>
    </message>
    <message>
        <source>Your access to this station has ended.</source>
        <translation>Su acceso a este puesto ha terminado.</translation>
    </message>
    <message>
        <source>See your supervisor for your next station.</source>
        <translation>Pregunte a su supervisor cuál es su próximo puesto.</translation>
    </message>
    <message>
        <source>Your assignment to this station has ended.</source>
        <translation>Su asignación a este puesto ha terminado.</translation>
    </message>
    <message>
        <source>Finish the step in hand: this page closes in {count} seconds.</source>
        <translation>Termine el paso en curso: esta página se cierra en {count} segundos.</translation>
    </message>
    <message>
        <source>An older copy of this kiosk&apos;s files was put back, so it shows nothing.</source>
        <translation>Se restauró una copia antigua de los archivos de este terminal, por eso no muestra nada.</translation>
    </message>
    <message>
        <source>Reconnect the network: it goes on by itself once the hub has confirmed it. Tell IT and quality.</source>
        <translation>Reconecte la red: seguirá solo cuando el servidor lo confirme. Avise a Informática y a Calidad.</translation>
    </message>
    <message>
        <source>This kiosk waits for its approval.</source>
        <translation>Este terminal espera su aprobación.</translation>
    </message>
    <message>
        <source>A second administrator compares the number.</source>
        <translation>Un segundo administrador compara el número.</translation>
    </message>
    <message>
        <source>The reader delivered signs that no badge number has.</source>
        <translation>El lector envió signos que ningún número de tarjeta tiene.</translation>
    </message>
    <message>
        <source>Tap again. If it stays, tell IT to check the reader&apos;s settings.</source>
        <translation>Acérquela otra vez. Si sigue igual, pida a Informática que revise el lector.</translation>
    </message>
    <message>
        <source>This is not a badge of this plant.</source>
        <translation>Esta no es una tarjeta de esta planta.</translation>
    </message>
    <message>
        <source>This badge is of another facility.</source>
        <translation>Esta tarjeta es de otra instalación.</translation>
    </message>
    <message>
        <source>This plant&apos;s badge numbers have digits only.</source>
        <translation>Los números de tarjeta de esta planta solo tienen cifras.</translation>
    </message>
    <message>
        <source>The badge was not read completely.</source>
        <translation>La tarjeta no se leyó por completo.</translation>
    </message>
    <message>
        <source>Hold it still and tap again.</source>
        <translation>Manténgala quieta y acérquela otra vez.</translation>
    </message>
    <message>
        <source>This is longer than this plant&apos;s badge numbers.</source>
        <translation>Esto es más largo que los números de tarjeta de esta planta.</translation>
    </message>
    <message>
        <source>Tap one badge only, once.</source>
        <translation>Acerque una sola tarjeta, una vez.</translation>
    </message>
    <message>
        <source>Plug its cable in again; it is found by itself. If not, tell IT.</source>
        <translation>Enchufe otra vez el cable; se detecta solo. Si no, avise a Informática.</translation>
    </message>
    <message>
        <source>The badge was taken away too soon.</source>
        <translation>La tarjeta se retiró demasiado pronto.</translation>
    </message>
    <message>
        <source>Tap again and hold it until the screen answers.</source>
        <translation>Acérquela otra vez y manténgala hasta que la pantalla responda.</translation>
    </message>
    <message>
        <source>The reader cannot talk to this card.</source>
        <translation>El lector no puede comunicarse con esta tarjeta.</translation>
    </message>
    <message>
        <source>Turn it over or tap another one; if it stays so, have the badge checked.</source>
        <translation>Dele la vuelta o acerque otra; si sigue igual, haga revisar la tarjeta.</translation>
    </message>
    <message>
        <source>Another program is using the badge reader.</source>
        <translation>Otro programa está usando el lector.</translation>
    </message>
    <message>
        <source>Tap again; if it stays so, tell IT.</source>
        <translation>Acérquela otra vez; si sigue igual, avise a Informática.</translation>
    </message>
    <message>
        <source>Here a card with a chip key is needed, and this badge has none.</source>
        <translation>Aquí se necesita una tarjeta con clave en el chip y esta no la tiene.</translation>
    </message>
    <message>
        <source>Use the card that the badge office gave you.</source>
        <translation>Use la tarjeta que le dio la oficina de tarjetas.</translation>
    </message>
    <message>
        <source>This card has no badge number that the reader can read.</source>
        <translation>Esta tarjeta no tiene un número que el lector pueda leer.</translation>
    </message>
    <message>
        <source>Tap your plant badge, alone: not with other cards in the same holder.</source>
        <translation>Acerque solo su tarjeta de la planta, sin otras tarjetas en la misma funda.</translation>
    </message>
    <message>
        <source>This card or phone gives a new number at each tap, so it cannot be a badge.</source>
        <translation>Esta tarjeta o teléfono da un número nuevo cada vez, así que no puede ser una tarjeta de acceso.</translation>
    </message>
    <message>
        <source>Tap your plant badge, alone: not with a phone or other cards.</source>
        <translation>Acerque solo su tarjeta de la planta, sin teléfono ni otras tarjetas.</translation>
    </message>
    <message>
        <source>Choose one without rows, repeats or your badge&apos;s digits.</source>
        <translation>Elija uno sin series, repeticiones ni cifras de su tarjeta.</translation>
    </message>
    <message>
        <source>Choose another one.</source>
        <translation>Elija otro.</translation>
    </message>
    <message>
        <source>These pages open with badge and PIN, and you signed in with the badge alone.</source>
        <translation>Estas páginas se abren con tarjeta y PIN, y usted entró solo con la tarjeta.</translation>
    </message>
    <message>
        <source>To get a PIN, ask your supervisor for a PIN code, then touch “Set PIN” on the badge screen.</source>
        <translation>Para tener un PIN, pida un código a su supervisor y toque «Crear PIN» en la pantalla de inicio.</translation>
    </message>
    <message>
        <source>This kiosk is blocked.</source>
        <translation>Este terminal está bloqueado.</translation>
    </message>
    <message>
        <source>Work at another kiosk and tell your supervisor: the hub must release this one.</source>
        <translation>Trabaje en otro terminal y avise a su supervisor: el servidor debe liberar este.</translation>
    </message>
    <message>
        <source>The time for reading these pages without the hub has run out.</source>
        <translation>Se acabó el tiempo para leer estas páginas sin el servidor.</translation>
    </message>
    <message>
        <source>Reconnect the network; the pages come back by themselves.</source>
        <translation>Reconecte la red; las páginas vuelven solas.</translation>
    </message>
    <message>
        <source>This kiosk&apos;s clock cannot be trusted.</source>
        <translation>El reloj de este terminal no es fiable.</translation>
    </message>
    <message>
        <source>Reconnect the network so that the hub can set the time.</source>
        <translation>Reconecte la red para que el servidor ponga la hora.</translation>
    </message>
    <message>
        <source>These pages belong to another station.</source>
        <translation>Estas páginas son de otro puesto.</translation>
    </message>
    <message>
        <source>Go to the kiosk of that station, or ask your supervisor.</source>
        <translation>Vaya al terminal de ese puesto o pregunte a su supervisor.</translation>
    </message>
    <message>
        <source>Your badge is no longer active.</source>
        <translation>Su tarjeta ya no está activa.</translation>
    </message>
    <message>
        <source>See your supervisor or the badge office.</source>
        <translation>Acuda a su supervisor o a la oficina de tarjetas.</translation>
    </message>
    <message>
        <source>You are not assigned to this station now.</source>
        <translation>Ahora no está asignado a este puesto.</translation>
    </message>
    <message>
        <source>Ask your supervisor to assign you; it takes effect at once.</source>
        <translation>Pida a su supervisor que le asigne; tiene efecto inmediato.</translation>
    </message>
    <message>
        <source>Your role does not include reading work instructions.</source>
        <translation>Su función no incluye leer instrucciones de trabajo.</translation>
    </message>
    <message>
        <source>Ask an operator, or have your roles changed.</source>
        <translation>Pregunte a un operario o pida que cambien sus funciones.</translation>
    </message>
    <message>
        <source>This product is not built at this station.</source>
        <translation>Este producto no se fabrica en este puesto.</translation>
    </message>
    <message>
        <source>Check the work order with your line lead.</source>
        <translation>Compruebe la orden de trabajo con su jefe de línea.</translation>
    </message>
    <message>
        <source>These pages are more confidential than your badge may open here.</source>
        <translation>Estas páginas son más confidenciales de lo que su tarjeta puede abrir aquí.</translation>
    </message>
    <message>
        <source>Sign in with badge and PIN where you have one, or ask your supervisor.</source>
        <translation>Entre con tarjeta y PIN si lo tiene, o pregunte a su supervisor.</translation>
    </message>
    <message>
        <source>You have not signed this client&apos;s current confidentiality agreement.</source>
        <translation>No ha firmado el acuerdo de confidencialidad vigente de este cliente.</translation>
    </message>
    <message>
        <source>Ask your supervisor for the agreement, then tap again.</source>
        <translation>Pida el acuerdo a su supervisor y acerque otra vez la tarjeta.</translation>
    </message>
    <message>
        <source>Your signature under this client&apos;s confidentiality agreement has lapsed.</source>
        <translation>Su firma del acuerdo de confidencialidad de este cliente ha caducado.</translation>
    </message>
    <message>
        <source>Your signature under this client&apos;s confidentiality agreement was withdrawn.</source>
        <translation>Su firma del acuerdo de confidencialidad de este cliente fue retirada.</translation>
    </message>
    <message>
        <source>Ask your supervisor or quality; you cannot sign it again here.</source>
        <translation>Pregunte a su supervisor o a Calidad; aquí no puede firmarlo de nuevo.</translation>
    </message>
    <message>
        <source>This client&apos;s confidentiality agreement has a new version that you have not signed.</source>
        <translation>El acuerdo de confidencialidad de este cliente tiene una versión nueva que usted no ha firmado.</translation>
    </message>
    <message>
        <source>Tap your badge again to read and sign it.</source>
        <translation>Acerque otra vez la tarjeta para leerlo y firmarlo.</translation>
    </message>
    <message>
        <source>It is signed here with badge and PIN: ask your supervisor for a PIN code, then touch “Set PIN”.</source>
        <translation>Se firma aquí con tarjeta y PIN: pida un código a su supervisor y toque «Crear PIN».</translation>
    </message>
    <message>
        <source>Enter your PIN to sign</source>
        <translation>Introduzca su PIN para firmar</translation>
    </message>
    <message>
        <source>Please read every page of the agreement first.</source>
        <translation>Lea antes todas las páginas del acuerdo.</translation>
    </message>
    <message>
        <source>Touch “Next” for the following page; then tap your badge to sign.</source>
        <translation>Toque «Seguir» para la página siguiente; después acerque la tarjeta para firmar.</translation>
    </message>
    <message>
        <source>This agreement changed, or nothing depends on it any more.</source>
        <translation>Este acuerdo ha cambiado, o ya no hace falta.</translation>
    </message>
    <message>
        <source>Tap your badge again.</source>
        <translation>Acerque otra vez la tarjeta.</translation>
    </message>
    <message>
        <source>You are not trained on this revision yet.</source>
        <translation>Todavía no tiene formación en esta revisión.</translation>
    </message>
    <message>
        <source>Ask your supervisor to record the training, then tap again.</source>
        <translation>Pida a su supervisor que registre la formación y acerque otra vez la tarjeta.</translation>
    </message>
    <message>
        <source>You have not read yet what changed in them.</source>
        <translation>Todavía no ha leído qué ha cambiado en ellas.</translation>
    </message>
    <message>
        <source>Touch “What changed”, read it, and confirm: then the pages open.</source>
        <translation>Toque «Qué ha cambiado», léalo y confirme: entonces se abren las páginas.</translation>
    </message>
    <message>
        <source>These pages were replaced by a newer revision.</source>
        <translation>Estas páginas fueron sustituidas por una revisión más reciente.</translation>
    </message>
    <message>
        <source>Work by the pages in force.</source>
        <translation>Trabaje con las páginas vigentes.</translation>
    </message>
    <message>
        <source>A new revision of these instructions is in force.</source>
        <translation>Hay una nueva revisión vigente de estas instrucciones.</translation>
    </message>
    <message>
        <source>Finish this step. When you turn the page, what changed is shown first.</source>
        <translation>Termine este paso. Al pasar la página se muestra primero qué ha cambiado.</translation>
    </message>
    <message>
        <source>A new revision of some instructions is in force.</source>
        <translation>Hay una nueva revisión vigente de algunas instrucciones.</translation>
    </message>
    <message>
        <source>Touch “What changed” to read it: then its pages open.</source>
        <translation>Toque «Qué ha cambiado» para leerlo: entonces se abren sus páginas.</translation>
    </message>
    <message>
        <source>This revision is not in force.</source>
        <translation>Esta revisión no está vigente.</translation>
    </message>
    <message>
        <source>Tell the line lead; document control releases revisions.</source>
        <translation>Avise al jefe de línea; Control de Documentos publica las revisiones.</translation>
    </message>
    <message>
        <source>The limit of how much of this product may be seen here is reached.</source>
        <translation>Se alcanzó el límite de lo que se puede ver aquí de este producto.</translation>
    </message>
    <message>
        <source>Ask your supervisor: quality decides on exceptions.</source>
        <translation>Pregunte a su supervisor: Calidad decide las excepciones.</translation>
    </message>
    <message>
        <source>These pages were taken back until further notice.</source>
        <translation>Estas páginas se retiraron hasta nuevo aviso.</translation>
    </message>
    <message>
        <source>Ask your supervisor: quality decides when they return.</source>
        <translation>Pregunte a su supervisor: Calidad decide cuándo vuelven.</translation>
    </message>
    <message>
        <source>Restricted pages open only while the hub is reachable.</source>
        <translation>Las páginas restringidas solo se abren con conexión al servidor.</translation>
    </message>
    <message>
        <source>Reconnect the network.</source>
        <translation>Reconecte la red.</translation>
    </message>
    <message>
        <source>This look cannot be recorded, so nothing is shown.</source>
        <translation>Esta consulta no se puede registrar, por eso no se muestra nada.</translation>
    </message>
    <message>
        <source>The disk may be full: call maintenance. Nothing was lost.</source>
        <translation>El disco puede estar lleno: llame a mantenimiento. No se perdió nada.</translation>
    </message>
    <message>
        <source>{least} to {most} digits, then OK</source>
        <translation>De {least} a {most} cifras y OK</translation>
    </message>
    <message>
        <source>A PIN has {least} to {most} digits.</source>
        <translation>Un PIN tiene de {least} a {most} cifras.</translation>
    </message>
    <message>
        <source>The code has {count} digits.</source>
        <translation>El código tiene {count} cifras.</translation>
    </message>
    <message>
        <source>{count} digits, then OK</source>
        <translation>{count} cifras y OK</translation>
    </message>
    <message>
        <source>{least} to {most} digits, no rows or repeats, then OK</source>
        <translation>De {least} a {most} cifras, sin series ni repeticiones, y OK</translation>
    </message>
    <message>
        <source>The {reader} is not plugged in.</source>
        <translation>Falta conectar: {reader}.</translation>
    </message>
    <message>
        <source>1 page is withheld. {why}</source>
        <translation>No se muestra 1 página. {why}</translation>
    </message>
    <message>
        <source>{count} pages are withheld. {why}</source>
        <translation>No se muestran {count} páginas. {why}</translation>
    </message>
    <message>
        <source>This kiosk has no instructions yet.</source>
        <translation>Este terminal aún no tiene instrucciones.</translation>
    </message>
    <message>
        <source>Wait until it has reached the hub, then tap again.</source>
        <translation>Espere a que conecte con el servidor y acerque otra vez la tarjeta.</translation>
    </message>
    <message>
        <source>This badge is not known at this line.</source>
        <translation>Esta tarjeta no se conoce en esta línea.</translation>
    </message>
    <message>
        <source>Ask your supervisor to assign you here, or go to the badge office.</source>
        <translation>Pida a su supervisor que le asigne aquí o acuda a la oficina de tarjetas.</translation>
    </message>
    <message>
        <source>The hub does not answer.</source>
        <translation>El servidor no responde.</translation>
    </message>
    <message>
        <source>This is a serial number or a work order, not a badge.</source>
        <translation>Esto es un número de serie o una orden, no una tarjeta.</translation>
    </message>
    <message>
        <source>Tap your badge first, then scan it again.</source>
        <translation>Acerque primero su tarjeta y luego escanéelo otra vez.</translation>
    </message>
    <message>
        <source>Scan the unit&apos;s serial number first.</source>
        <translation>Escanee primero el número de serie de la unidad.</translation>
    </message>
    <message>
        <source>Then confirm the step: it is recorded for that unit.</source>
        <translation>Luego confirme el paso: queda registrado para esa unidad.</translation>
    </message>
    <message>
        <source>Pressed by mistake</source>
        <translation>Se pulsó por error</translation>
    </message>
    <message>
        <source>The step has to be done again</source>
        <translation>Hay que repetir el paso</translation>
    </message>
    <message>
        <source>It was done on another unit</source>
        <translation>Se hizo en otra unidad</translation>
    </message>
    <message>
        <source>I did this step as the instruction says.</source>
        <translation>Hice este paso como dice la instrucción.</translation>
    </message>
    <message>
        <source>I have read this agreement and keep to it.</source>
        <translation>He leído este acuerdo y lo cumplo.</translation>
    </message>
    <message>
        <source>Check the network; it is tried again by itself.</source>
        <translation>Compruebe la red; se reintenta automáticamente.</translation>
    </message>
    <message>
        <source>My confirmation of this step does not hold.</source>
        <translation>Mi confirmación de este paso no vale.</translation>
    </message>
    <message>
        <source>This step is signed with badge and PIN, and your badge has no PIN.</source>
        <translation>Este paso se firma con tarjeta y PIN, y su tarjeta no tiene PIN.</translation>
    </message>
    <message>
        <source>This badge is not the one that is signed in here.</source>
        <translation>Esta tarjeta no es la que inició la sesión aquí.</translation>
    </message>
    <message>
        <source>Tap your own badge to sign, or cancel.</source>
        <translation>Acerque su propia tarjeta para firmar, o cancele.</translation>
    </message>
    <message>
        <source>Nothing was signed.</source>
        <translation>No se firmó nada.</translation>
    </message>
    <message>
        <source>Touch “Sign” again when you are ready.</source>
        <translation>Toque «Firmar» otra vez cuando esté listo.</translation>
    </message>
    <message>
        <source>Tap your badge, then enter your PIN.</source>
        <translation>Acerque su tarjeta y luego introduzca su PIN.</translation>
    </message>
    <message>
        <source>Tap your badge, then enter your PIN again.</source>
        <translation>Acerque su tarjeta y luego introduzca su PIN otra vez.</translation>
    </message>
    <message>
        <source>Sign: step {step} of {document}, revision {revision}</source>
        <translation>Firmar: paso {step} de {document}, revisión {revision}</translation>
    </message>
    <message>
        <source>Sign that this does not hold: step {step} of {document}, revision {revision}</source>
        <translation>Firmar que esto no vale: paso {step} de {document}, revisión {revision}</translation>
    </message>
    <message>
        <source>Signed: step {step}.</source>
        <translation>Firmado: paso {step}.</translation>
    </message>
    <message>
        <source>This step is not on an open page any more, so nothing was signed.</source>
        <translation>Este paso ya no está en una página abierta; no se firmó nada.</translation>
    </message>
    <message>
        <source>See what changed on the page, and confirm the step there.</source>
        <translation>Mire qué cambió en la página y confirme el paso allí.</translation>
    </message>
    <message>
        <source>badge reader</source>
        <translation>lector de tarjetas</translation>
    </message>
    <message>
        <source>Enter the code from your supervisor</source>
        <translation>Introduzca el código de su supervisor</translation>
    </message>
    <message>
        <source>Tap your own plant badge, and no other card with it.</source>
        <translation>Acerque su propia tarjeta de la planta, sin otra tarjeta.</translation>
    </message>
    <message>
        <source>Nobody can admit himself to a station.</source>
        <translation>Nadie puede admitirse a sí mismo en un puesto.</translation>
    </message>
    <message>
        <source>Another supervisor of this line can.</source>
        <translation>Otro supervisor de esta línea sí puede.</translation>
    </message>
    <message>
        <source>Only a supervisor of this line can admit somebody here.</source>
        <translation>Solo un supervisor de esta línea puede admitir a alguien aquí.</translation>
    </message>
    <message>
        <source>Call one of this line&apos;s supervisors.</source>
        <translation>Llame a un supervisor de esta línea.</translation>
    </message>
    <message>
        <source>This plant&apos;s rules do not allow such an exception.</source>
        <translation>Las reglas de esta planta no permiten tal excepción.</translation>
    </message>
    <message>
        <source>Ask your supervisor to assign you instead.</source>
        <translation>Pida a su supervisor que le asigne.</translation>
    </message>
    <message>
        <source>To admit somebody here without the hub: supervisor, tap your badge now.</source>
        <translation>Para admitir a alguien aquí sin el servidor: supervisor, acerque ahora su tarjeta.</translation>
    </message>
    <message>
        <source>The worker&apos;s badge comes next. Both names go on record.</source>
        <translation>Después, la tarjeta del operario. Ambos nombres quedan registrados.</translation>
    </message>
    <message>
        <source>Now the worker: tap your badge.</source>
        <translation>Ahora el operario: acerque su tarjeta.</translation>
    </message>
    <message>
        <source>The pages of this station open until the time that was chosen.</source>
        <translation>Las páginas de este puesto se abren hasta la hora elegida.</translation>
    </message>
    <message>
        <source>Somebody is absent</source>
        <translation>Falta alguien</translation>
    </message>
    <message>
        <source>The station is down</source>
        <translation>El puesto está parado</translation>
    </message>
    <message>
        <source>Help is needed here</source>
        <translation>Aquí se necesita ayuda</translation>
    </message>
    <message>
        <source>Rework or repair</source>
        <translation>Retrabajo o reparación</translation>
    </message>
    <message>
        <source>Safety or quality</source>
        <translation>Seguridad o calidad</translation>
    </message>
    <message>
        <source>Whose pages?</source>
        <translation>¿Páginas de qué puesto?</translation>
    </message>
    <message>
        <source>Touch the station.</source>
        <translation>Toque el puesto.</translation>
    </message>
    <message>
        <source>Why?</source>
        <translation>¿Por qué?</translation>
    </message>
    <message>
        <source>Touch the reason; it goes on record.</source>
        <translation>Toque el motivo; queda registrado.</translation>
    </message>
    <message>
        <source>For how long?</source>
        <translation>¿Cuánto tiempo?</translation>
    </message>
    <message>
        <source>It ends by itself.</source>
        <translation>Termina por sí solo.</translation>
    </message>
    <message>
        <source>1 minute</source>
        <translation>1 minuto</translation>
    </message>
    <message>
        <source>{count} minutes</source>
        <translation>{count} minutos</translation>
    </message>
    <message>
        <source>1 hour</source>
        <translation>1 hora</translation>
    </message>
    <message>
        <source>{count} hours</source>
        <translation>{count} horas</translation>
    </message>
    <message>
        <source>The time for which you were admitted here has ended.</source>
        <translation>El tiempo para el que fue admitido aquí ha terminado.</translation>
    </message>
    <message>
        <source>Ask a supervisor of this line if you are still needed here.</source>
        <translation>Pregunte a un supervisor de esta línea si aún se le necesita aquí.</translation>
    </message>
    <message>
        <source>The hub has not prepared this kiosk for admitting this person.</source>
        <translation>El servidor no ha preparado este terminal para admitir a esta persona.</translation>
    </message>
    <message>
        <source>Ask for somebody else, or wait for the hub.</source>
        <translation>Pida a otra persona o espere al servidor.</translation>
    </message>
    <message>
        <source>The hub is reachable again.</source>
        <translation>El servidor vuelve a responder.</translation>
    </message>
    <message>
        <source>Have this person assigned at the board: it takes effect at once.</source>
        <translation>Haga que asignen a esta persona en el tablero: surte efecto al instante.</translation>
    </message>
    <message>
        <source>To open another station&apos;s pages here: supervisor, tap your badge now.</source>
        <translation>Para abrir aquí páginas de otro puesto: supervisor, acerque ahora su tarjeta.</translation>
    </message>
    <message>
        <source>The worker&apos;s badge comes next. Every look is reviewed afterwards.</source>
        <translation>Luego, la del operario. Cada consulta se revisa.</translation>
    </message>
    <message>
        <source>That station has no pages now.</source>
        <translation>Ese puesto no tiene páginas ahora.</translation>
    </message>
    <message>
        <source>Tell the line lead which pages you need.</source>
        <translation>Diga al jefe de línea qué páginas necesita.</translation>
    </message>
    <message>
        <source>The hub does not know one of these badges any more.</source>
        <translation>El servidor ya no conoce una de estas tarjetas.</translation>
    </message>
    <message>
        <source>Begin again in a minute.</source>
        <translation>Empiece de nuevo dentro de un minuto.</translation>
    </message>
    <message>
        <source>The time for reading the other station&apos;s pages has ended.</source>
        <translation>El tiempo para leer las páginas del otro puesto ha terminado.</translation>
    </message>
    <message>
        <source>Ask a supervisor of this line if they are still needed here.</source>
        <translation>Pregunte a un supervisor de esta línea si aún hacen falta aquí.</translation>
    </message>
    <message>
        <source>I cannot read this</source>
        <translation>No puedo leer esto</translation>
    </message>
    <message>
        <source>The part looks different</source>
        <translation>La pieza es distinta</translation>
    </message>
    <message>
        <source>A number or a tool is wrong</source>
        <translation>Un valor o útil está mal</translation>
    </message>
    <message>
        <source>Something is missing here</source>
        <translation>Aquí falta algo</translation>
    </message>
    <message>
        <source>The order of the steps is wrong</source>
        <translation>Pasos mal ordenados</translation>
    </message>
    <message>
        <source>Something else</source>
        <translation>Otra cosa</translation>
    </message>
    <message>
        <source>The page changed, so nothing was sent.</source>
        <translation>La página cambió; no se envió nada.</translation>
    </message>
    <message>
        <source>Mark the place again on the page that you mean.</source>
        <translation>Marque otra vez el lugar en la página que quiere decir.</translation>
    </message>
    <message>
        <source>Taken back: nothing was sent.</source>
        <translation>Deshecho: no se envió nada.</translation>
    </message>
    <message>
        <source>Your remark is on its way to quality.</source>
        <translation>Su aviso va camino de Calidad.</translation>
    </message>
    <message>
        <source>You see the answer when you tap your badge.</source>
        <translation>Verá la respuesta al acercar su tarjeta.</translation>
    </message>
    <message>
        <source>Your remark is kept on this kiosk.</source>
        <translation>Su aviso queda guardado en este terminal.</translation>
    </message>
    <message>
        <source>It goes to quality by itself when the hub is back.</source>
        <translation>Irá a Calidad por sí solo cuando vuelva el servidor.</translation>
    </message>
    <message>
        <source>Your remark was answered.</source>
        <translation>Su aviso tiene respuesta.</translation>
    </message>
    <message>
        <source>{count} of your remarks were answered.</source>
        <translation>{count} de sus avisos tienen respuesta.</translation>
    </message>
    <message>
        <source>{document}, page {page}: {answer}</source>
        <translation>{document}, página {page}: {answer}</translation>
    </message>
    <message>
        <source>The page will be changed.</source>
        <translation>La página se cambiará.</translation>
    </message>
    <message>
        <source>The page stays as it is.</source>
        <translation>La página queda como está.</translation>
    </message>
    <message>
        <source>Help is called already.</source>
        <translation>La ayuda ya está pedida.</translation>
    </message>
    <message>
        <source>The line at the top says how it stands.</source>
        <translation>La línea de arriba dice cómo va.</translation>
    </message>
    <message>
        <source>The call is taken back.</source>
        <translation>La petición queda anulada.</translation>
    </message>
    <message>
        <source>The call for help has ended.</source>
        <translation>La petición de ayuda ha terminado.</translation>
    </message>
    <message>
        <source>The call could not be sent: there is no connection.</source>
        <translation>La petición no pudo salir: no hay conexión.</translation>
    </message>
    <message>
        <source>Call out, or send somebody. It goes by itself when the hub is back.</source>
        <translation>Avise de viva voz o envíe a alguien. Saldrá por sí sola cuando vuelva el servidor.</translation>
    </message>
    <message>
        <source>{name} is coming.</source>
        <translation>Viene {name}.</translation>
    </message>
    <message>
        <source>The board needs the hub, which is not reachable now.</source>
        <translation>El tablero necesita el servidor, que ahora no responde.</translation>
    </message>
    <message>
        <source>Wait until this kiosk is online again, then tap your badge.</source>
        <translation>Espere a que este terminal esté en línea y acerque su tarjeta.</translation>
    </message>
    <message>
        <source>The board opens with badge and PIN only.</source>
        <translation>El tablero se abre solo con tarjeta y PIN.</translation>
    </message>
    <message>
        <source>You may not open the board here any more.</source>
        <translation>Ya no puede abrir el tablero aquí.</translation>
    </message>
    <message>
        <source>Ask another supervisor or an administrator.</source>
        <translation>Pregunte a otro supervisor o a un administrador.</translation>
    </message>
    <message>
        <source>Has no active badge.</source>
        <translation>No tiene tarjeta activa.</translation>
    </message>
    <message>
        <source>Have the badge office issue one.</source>
        <translation>Pida una a la oficina de tarjetas.</translation>
    </message>
    <message>
        <source>Has no role that reads work instructions.</source>
        <translation>No tiene ninguna función que lea instrucciones de trabajo.</translation>
    </message>
    <message>
        <source>An administrator gives the role operator.</source>
        <translation>Un administrador asigna la función de operario.</translation>
    </message>
    <message>
        <source>{document} is more confidential than this badge may open.</source>
        <translation>{document} es más confidencial de lo que esta tarjeta puede abrir.</translation>
    </message>
    <message>
        <source>A badge with a PIN, or a higher clearance, opens it.</source>
        <translation>La abre una tarjeta con PIN o una autorización superior.</translation>
    </message>
    <message>
        <source>Has not signed {client}&apos;s current agreement.</source>
        <translation>No ha firmado el acuerdo vigente de {client}.</translation>
    </message>
    <message>
        <source>Have it signed and recorded, then move.</source>
        <translation>Haga que lo firme y se registre; luego haga el cambio.</translation>
    </message>
    <message>
        <source>Is not trained on {document}, revision {revision}.</source>
        <translation>No tiene formación en {document}, revisión {revision}.</translation>
    </message>
    <message>
        <source>Record the training, then move.</source>
        <translation>Registre la formación; luego haga el cambio.</translation>
    </message>
    <message>
        <source>Has reached the limit of what may be seen of {client}&apos;s know-how.</source>
        <translation>Ha llegado al límite de lo que puede ver de los conocimientos técnicos de {client}.</translation>
    </message>
    <message>
        <source>Quality decides on exceptions.</source>
        <translation>Calidad decide sobre excepciones.</translation>
    </message>
    <message>
        <source>{document} is locked down here.</source>
        <translation>{document} está bloqueado aquí.</translation>
    </message>
    <message>
        <source>Quality decides when it returns.</source>
        <translation>Calidad decide cuándo vuelve.</translation>
    </message>
    <message>
        <source>{document} is not built at this station.</source>
        <translation>{document} no se fabrica en este puesto.</translation>
    </message>
    <message>
        <source>Check the station&apos;s parts.</source>
        <translation>Revise los productos del puesto.</translation>
    </message>
    <message>
        <source>{document} is not in force.</source>
        <translation>{document} no está vigente.</translation>
    </message>
    <message>
        <source>Document control releases revisions.</source>
        <translation>Control de Documentos publica las revisiones.</translation>
    </message>
    <message>
        <source>{count} of {all} pages stay closed</source>
        <translation>{count} de {all} páginas quedan cerradas</translation>
    </message>
    <message>
        <source>You do not supervise line {line}.</source>
        <translation>Usted no supervisa la línea {line}.</translation>
    </message>
    <message>
        <source>{name} is there already.</source>
        <translation>{name} ya está allí.</translation>
    </message>
    <message>
        <source>{by} has moved {name} meanwhile; nothing was changed now.</source>
        <translation>{by} trasladó a {name} entretanto; no se cambió nada.</translation>
    </message>
    <message>
        <source>Look at the board again.</source>
        <translation>Mire el tablero otra vez.</translation>
    </message>
    <message>
        <source>A move can be undone for {seconds} seconds.</source>
        <translation>Un cambio se puede deshacer durante {seconds} segundos.</translation>
    </message>
    <message>
        <source>Somebody has changed this person&apos;s assignments since.</source>
        <translation>Desde entonces alguien ha cambiado las asignaciones de esta persona.</translation>
    </message>
    <message>
        <source>Move the person back instead.</source>
        <translation>Traslade a la persona de vuelta.</translation>
    </message>
    <message>
        <source>This call is over already.</source>
        <translation>Esta petición ya terminó.</translation>
    </message>
    <message>
        <source>You are signed out of this desk.</source>
        <translation>Su sesión en el tablero terminó.</translation>
    </message>
    <message>
        <source>Sign in again with badge and PIN.</source>
        <translation>Inicie sesión de nuevo con tarjeta y PIN.</translation>
    </message>
    <message>
        <source>The pages of the other station open until the time that was chosen.</source>
        <translation>Las páginas del otro puesto se abren hasta la hora elegida.</translation>
    </message>
    <message>
        <source>Asking the hub</source>
        <translation>Se consulta al servidor</translation>
    </message>
    <message>
        <source>Breaking glass needs badge and PIN.</source>
        <translation>El acceso de emergencia exige tarjeta y PIN.</translation>
    </message>
    <message>
        <source>Set a PIN first, or call a supervisor who has one.</source>
        <translation>Defina antes un PIN o llame a un supervisor que lo tenga.</translation>
    </message>
    <message>
        <source>The hub did not answer in time.</source>
        <translation>El servidor no respondió a tiempo.</translation>
    </message>
    <message>
        <source>Begin again; nothing was opened.</source>
        <translation>Empiece de nuevo; no se abrió nada.</translation>
    </message>
    <message>
        <source>Glass can be broken only while the hub is reachable.</source>
        <translation>El acceso de emergencia exige conexión con el servidor.</translation>
    </message>
    <message>
        <source>Wait for the hub.</source>
        <translation>Espere al servidor.</translation>
    </message>
    <message>
        <source>What this kiosk keeps of its lease is not what it kept last: an older copy was put back.</source>
        <translation>Lo que este terminal guarda de su autorización no es lo último que guardó: se repuso una copia anterior.</translation>
    </message>
    <message>
        <source>What this kiosk keeps of its lease is not of one moment: a part of an older copy was put back.</source>
        <translation>Lo que este terminal guarda de su autorización no es de un mismo momento: se repuso parte de una copia anterior.</translation>
    </message>
    <message>
        <source>No page is shown until the hub was reached. Tell IT and quality: this is on record.</source>
        <translation>No se muestra ninguna página hasta conectar con el servidor. Avise a Informática y a Calidad: queda registrado.</translation>
    </message>
    <message>
        <source>This machine&apos;s clock is {time} ahead of the hub&apos;s.</source>
        <translation>El reloj de este equipo va {time} adelantado respecto al servidor.</translation>
    </message>
    <message>
        <source>This machine&apos;s clock is {time} behind the hub&apos;s.</source>
        <translation>El reloj de este equipo va {time} atrasado respecto al servidor.</translation>
    </message>
    <message>
        <source>{count} days</source>
        <translation>{count} días</translation>
    </message>
    <message>
        <source>Have it set right: without the hub no page could be shown.</source>
        <translation>Haga que lo ajusten: sin el servidor no se podría mostrar ninguna página.</translation>
    </message>
    <message>
        <source>Nothing is lost: the records stay here. Tell the hub&apos;s administrator now.</source>
        <translation>No se pierde nada: los registros quedan aquí. Avise ahora al administrador del servidor.</translation>
    </message>
    <message>
        <source>This kiosk&apos;s journal is damaged.</source>
        <translation>El diario de este terminal está dañado.</translation>
    </message>
    <message>
        <source>Tell quality and IT: its newest records may be incomplete.</source>
        <translation>Avise a Calidad y a Informática: sus últimos registros pueden estar incompletos.</translation>
    </message>
    <message>
        <source>This kiosk cannot record who reads what ({why}), so it shows no pages.</source>
        <translation>Este terminal no puede registrar quién lee qué ({why}), así que no muestra páginas.</translation>
    </message>
    <message>
        <source>its disk does not take them</source>
        <translation>su disco no los admite</translation>
    </message>
    <message>
        <source>its disk is full</source>
        <translation>su disco está lleno</translation>
    </message>
    <message>
        <source>another program holds its journal</source>
        <translation>otro programa ocupa su diario</translation>
    </message>
    <message>
        <source>its journal is damaged</source>
        <translation>su diario está dañado</translation>
    </message>
    <message>
        <source>Tell IT. It goes on by itself when records can be written again.</source>
        <translation>Avise a Informática. Sigue por sí solo cuando se pueda volver a registrar.</translation>
    </message>
    <message>
        <source>This kiosk&apos;s journal was written by a newer Stationleaf than this one.</source>
        <translation>El diario de este terminal lo escribió un Stationleaf más nuevo que este.</translation>
    </message>
    <message>
        <source>Install the newer version again; nothing was changed.</source>
        <translation>Vuelva a instalar la versión más nueva; no se cambió nada.</translation>
    </message>
    <message>
        <source>The hub does not show its log of records as it should.</source>
        <translation>El servidor no muestra su libro de registros como debe.</translation>
    </message>
    <message>
        <source>Tell quality: until it does, nobody can check that the records are complete.</source>
        <translation>Avise a Calidad: hasta que lo haga, nadie puede comprobar que los registros estén completos.</translation>
    </message>
    <message>
        <source>The hub&apos;s records were rewritten: its log does not continue what this kiosk has seen of it.</source>
        <translation>Los registros del servidor se reescribieron: su libro no continúa lo que este terminal vio de él.</translation>
    </message>
    <message>
        <source>Call quality. The proof is kept on this kiosk: leave it as it is.</source>
        <translation>Llame a Calidad. La prueba se guarda en este terminal: déjelo como está.</translation>
    </message>
    <message>
        <source>The hub was restored from a backup, and lacks records that this kiosk has seen the log of.</source>
        <translation>El servidor se restauró de una copia y le faltan registros cuyo libro este terminal vio.</translation>
    </message>
    <message>
        <source>Tell quality: what is missing is in the incident.</source>
        <translation>Avise a Calidad: lo que falta consta en la incidencia.</translation>
    </message>
    <message>
        <source>The hub shows another log than the one asked for.</source>
        <translation>El servidor muestra otro libro que el pedido.</translation>
    </message>
    <message>
        <source>The hub confirms records that this kiosk did not send.</source>
        <translation>El servidor confirma registros que este terminal no envió.</translation>
    </message>
    <message>
        <source>Tell the hub&apos;s administrator; nothing was deleted here.</source>
        <translation>Avise al administrador del servidor; aquí no se borró nada.</translation>
    </message>
    <message>
        <source>This kiosk&apos;s journal is older than what this kiosk has already recorded.</source>
        <translation>El diario de este terminal es anterior a lo que ya registró.</translation>
    </message>
    <message>
        <source>Enrol this kiosk again with a new code, and tell quality.</source>
        <translation>Vuelva a dar de alta este terminal con un código nuevo y avise a Calidad.</translation>
    </message>
    <message>
        <source>The newest records of this kiosk are lost, so it cannot go on recording.</source>
        <translation>Se perdieron los últimos registros de este terminal, así que no puede seguir registrando.</translation>
    </message>
    <message>
        <source>Tell quality and IT: this kiosk has to be enrolled again.</source>
        <translation>Avise a Calidad y a Informática: hay que volver a dar de alta este terminal.</translation>
    </message>
    <message>
        <source>A record in this kiosk&apos;s journal is damaged, so it and later ones cannot be handed over.</source>
        <translation>Un registro del diario de este terminal está dañado: ni él ni los siguientes se pueden entregar.</translation>
    </message>
    <message>
        <source>Tell quality and IT: nothing is deleted, and this kiosk has to be enrolled again.</source>
        <translation>Avise a Calidad y a Informática: no se borra nada y hay que volver a dar de alta este terminal.</translation>
    </message>
    <message>
        <source>The kiosk&apos;s folder {folder} cannot be written.</source>
        <translation>No se puede escribir en la carpeta del terminal {folder}.</translation>
    </message>
    <message>
        <source>IT: check its owner, or choose another with --home.</source>
        <translation>Informática: revise su propietario o elija otra con --home.</translation>
    </message>
    <message>
        <source>The kiosk&apos;s folder {folder} belongs to another user.</source>
        <translation>La carpeta del terminal {folder} es de otro usuario.</translation>
    </message>
    <message>
        <source>Run the kiosk as that user, or choose another folder with --home.</source>
        <translation>Ejecute el terminal con ese usuario o elija otra carpeta con --home.</translation>
    </message>
    <message>
        <source>Stationleaf is already running on this kiosk.</source>
        <translation>Stationleaf ya está en marcha en este terminal.</translation>
    </message>
    <message>
        <source>Use the window that is open; if there is none, restart the machine.</source>
        <translation>Use la ventana abierta; si no hay ninguna, reinicie el equipo.</translation>
    </message>
    <message>
        <source>The kiosk&apos;s disk does not answer.</source>
        <translation>El disco del terminal no responde.</translation>
    </message>
    <message>
        <source>IT: check the disk.</source>
        <translation>Informática: revise el disco.</translation>
    </message>
    <message>
        <source>The page store</source>
        <translation>El almacén de páginas</translation>
    </message>
    <message>
        <source>The lease store</source>
        <translation>El almacén de autorizaciones</translation>
    </message>
    <message>
        <source>{store} was written by a newer Stationleaf than this one.</source>
        <translation>{store}: lo escribió un Stationleaf más nuevo que este.</translation>
    </message>
    <message>
        <source>{store} is in use by another program.</source>
        <translation>{store}: lo está usando otro programa.</translation>
    </message>
    <message>
        <source>Try again in a minute.</source>
        <translation>Inténtelo de nuevo en un minuto.</translation>
    </message>
    <message>
        <source>{store} in this folder belongs to another kiosk or an earlier enrolment.</source>
        <translation>{store} de esta carpeta: es de otro terminal o de un alta anterior.</translation>
    </message>
    <message>
        <source>Tell IT if nobody moved this kiosk&apos;s files.</source>
        <translation>Avise a Informática si nadie movió los archivos de este terminal.</translation>
    </message>
    <message>
        <source>{store} of this kiosk is damaged.</source>
        <translation>{store} de este terminal: está dañado.</translation>
    </message>
    <message>
        <source>Tell IT if it happens again: the disk may be failing.</source>
        <translation>Avise a Informática si vuelve a ocurrir: el disco puede estar fallando.</translation>
    </message>
    <message>
        <source>This kiosk&apos;s disk is full.</source>
        <translation>El disco de este terminal está lleno.</translation>
    </message>
    <message>
        <source>IT: free some space on it.</source>
        <translation>Informática: libere espacio en él.</translation>
    </message>
    <message>
        <source>{store} cannot be read or written.</source>
        <translation>{store}: no se puede leer ni escribir.</translation>
    </message>
    <message>
        <source>IT: check the disk, and who owns the kiosk&apos;s folder.</source>
        <translation>Informática: revise el disco y de quién es la carpeta del terminal.</translation>
    </message>
    <message>
        <source>The lease that is kept is not the newest one.</source>
        <translation>La autorización guardada no es la más nueva.</translation>
    </message>
    <message>
        <source>What this kiosk keeps of its lease is damaged.</source>
        <translation>Lo que este terminal guarda de su autorización está dañado.</translation>
    </message>
    <message>
        <source>What this kiosk knows of its hub&apos;s keys expired on {day}, and the hub does not answer.</source>
        <translation>Lo que este terminal sabe de las claves del servidor caducó el {day}, y el servidor no responde.</translation>
    </message>
    <message>
        <source>Check that today is {day}, then the network; it is tried again by itself.</source>
        <translation>Compruebe que hoy es {day} y después la red; se intenta de nuevo por sí solo.</translation>
    </message>
    <message>
        <source>This kiosk&apos;s keys in the keyring are damaged.</source>
        <translation>Las claves de este terminal en el llavero están dañadas.</translation>
    </message>
    <message>
        <source>Enrol this kiosk again with a new code from IT.</source>
        <translation>Vuelva a dar de alta este terminal con un código nuevo de Informática.</translation>
    </message>
    <message>
        <source>The keyring of this machine did not keep what this kiosk gave it.</source>
        <translation>El llavero de este equipo no guardó lo que este terminal le dio.</translation>
    </message>
    <message>
        <source>IT: free some space on the disk with the home folder of the kiosk&apos;s user.</source>
        <translation>Informática: libere espacio en el disco de la carpeta personal del usuario del terminal.</translation>
    </message>
    <message>
        <source>The hub&apos;s address is too long for this machine&apos;s keyring.</source>
        <translation>La dirección del servidor es demasiado larga para el llavero de este equipo.</translation>
    </message>
    <message>
        <source>Give the hub a shorter name.</source>
        <translation>Dé al servidor un nombre más corto.</translation>
    </message>
    <message>
        <source>The keyring {name} is set on this machine, and it does not protect keys well enough.</source>
        <translation>En este equipo está puesto el llavero {name}, que no protege bien las claves.</translation>
    </message>
    <message>
        <source>IT: take PYTHON_KEYRING_BACKEND out of the kiosk&apos;s environment.</source>
        <translation>Informática: quite PYTHON_KEYRING_BACKEND del entorno del terminal.</translation>
    </message>
    <message>
        <source>No keyring runs on this machine, so this kiosk&apos;s keys cannot be read.</source>
        <translation>En este equipo no hay ningún llavero en marcha: no se pueden leer las claves de este terminal.</translation>
    </message>
    <message>
        <source>IT: start the desktop&apos;s keyring (gnome-keyring or KWallet) for the kiosk&apos;s user.</source>
        <translation>Informática: inicie el llavero del escritorio (gnome-keyring o KWallet) para el usuario del terminal.</translation>
    </message>
    <message>
        <source>The keyring of this machine is locked, so this kiosk&apos;s keys cannot be read.</source>
        <translation>El llavero de este equipo está bloqueado: no se pueden leer las claves de este terminal.</translation>
    </message>
    <message>
        <source>Unlock it with the password of the kiosk&apos;s user, or sign in to the desktop again.</source>
        <translation>Desbloquéelo con la contraseña del usuario del terminal o vuelva a iniciar sesión en el escritorio.</translation>
    </message>
    <message>
        <source>The hub has a fault.</source>
        <translation>El servidor tiene un fallo.</translation>
    </message>
    <message>
        <source>It is tried again by itself; tell the hub&apos;s administrator.</source>
        <translation>Se intenta de nuevo por sí solo; avise al administrador del servidor.</translation>
    </message>
    <message>
        <source>What answers has a certificate that is not this plant&apos;s hub&apos;s.</source>
        <translation>Lo que responde tiene un certificado que no es el del servidor de esta planta.</translation>
    </message>
    <message>
        <source>The hub&apos;s certificate is not valid now: it has expired, or a clock is wrong.</source>
        <translation>El certificado del servidor no es válido ahora: caducó o un reloj va mal.</translation>
    </message>
    <message>
        <source>The hub&apos;s CA certificate is not one.</source>
        <translation>El certificado de la autoridad del servidor no es válido.</translation>
    </message>
    <message>
        <source>Tell the hub&apos;s administrator; nothing was sent.</source>
        <translation>Avise al administrador del servidor; no se envió nada.</translation>
    </message>
    <message>
        <source>The hub answers too slowly.</source>
        <translation>El servidor responde demasiado despacio.</translation>
    </message>
    <message>
        <source>Go to the badge office.</source>
        <translation>Vaya a la oficina de tarjetas.</translation>
    </message>
    <message>
        <source>This card ran out on {day}.</source>
        <translation>Esta tarjeta caducó el {day}.</translation>
    </message>
    <message>
        <source>This card is not valid before {day}.</source>
        <translation>Esta tarjeta no vale antes del {day}.</translation>
    </message>
    <message>
        <source>If that day has come, the kiosk&apos;s clock is behind: tell IT.</source>
        <translation>Si ese día ya llegó, el reloj del terminal va atrasado: avise a Informática.</translation>
    </message>
    <message>
        <source>The certificate on this card is not one for tapping in (card authentication).</source>
        <translation>El certificado de esta tarjeta no es para identificarse al acercarla (autenticación de tarjeta).</translation>
    </message>
    <message>
        <source>This card&apos;s certificate names nobody.</source>
        <translation>El certificado de esta tarjeta no nombra a nadie.</translation>
    </message>
    <message>
        <source>This card was not issued for {organization}.</source>
        <translation>Esta tarjeta no se emitió para {organization}.</translation>
    </message>
    <message>
        <source>The certificate of the CA that issued this card has run out.</source>
        <translation>Caducó el certificado de la autoridad que emitió esta tarjeta.</translation>
    </message>
    <message>
        <source>Tell IT: the file of the card CA on this kiosk must be renewed.</source>
        <translation>Avise a Informática: hay que renovar en este terminal el archivo de la autoridad de tarjetas.</translation>
    </message>
    <message>
        <source>This card was not issued by this site.</source>
        <translation>Esta tarjeta no la emitió esta planta.</translation>
    </message>
    <message>
        <source>Use the card that this site gave you, or go to the badge office.</source>
        <translation>Use la tarjeta que le dio esta planta o vaya a la oficina de tarjetas.</translation>
    </message>
    <message>
        <source>This card cannot open pages: its key only signs.</source>
        <translation>Esta tarjeta no puede abrir páginas: su clave solo firma.</translation>
    </message>
    <message>
        <source>This card has no certificate on it.</source>
        <translation>Esta tarjeta no tiene certificado.</translation>
    </message>
    <message>
        <source>This card did not sign when it was asked to.</source>
        <translation>Esta tarjeta no firmó cuando se le pidió.</translation>
    </message>
    <message>
        <source>This card could not prove that it is the one it claims to be: it may be a copy.</source>
        <translation>Esta tarjeta no pudo probar que es la que dice ser: puede ser una copia.</translation>
    </message>
    <message>
        <source>Keep the card and tell your supervisor.</source>
        <translation>Guarde la tarjeta y avise a su supervisor.</translation>
    </message>
    <message>
        <source>Go to the badge office: the card must be issued again.</source>
        <translation>Acuda a la oficina de tarjetas: hay que emitir de nuevo la tarjeta.</translation>
    </message>
</context>
</TS>
